/** Called for every slow step, with one line in present tense and without a newline. */
export type Progress = (line: string) => void;
