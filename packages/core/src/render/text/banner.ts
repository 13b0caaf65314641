/** First line of every file whose format has comments. `mark` starts a comment. */
export const banner = (mark: string): string =>
  `${mark} Made by pgharbor. A change made here is lost: change the program and run \`pulumi up\`.\n`;
