import { failureOf } from "../support/connect";
import { pulumiProject } from "../support/pulumi-project";

jest.setTimeout(900_000);

const program = (timezone: string) => `
import { PostgresCluster } from "pgharbor";
const cluster = new PostgresCluster("tstart", {
  docker: { publish: "auto" }, members: 2, deletionProtection: false,
  parameters: { timezone: ${JSON.stringify(timezone)} },
});
export const status = cluster.status;
`;

test("a parameter with which Postgres does not start fails the update with the server's message, and a corrected update continues", async () => {
  const project = await pulumiProject({ program: program("Europe/Berlim") });
  try {
    const started = Date.now();
    const message = await failureOf(project.up());
    process.stderr.write(`refused after ${((Date.now() - started) / 1000).toFixed(0)} s\n`);
    expect(message).toMatch(/container tstart-m[12]: it has ended \d+ times, and is started again by Docker each time/);
    expect(message).toContain("Europe/Berlim");
    await project.write(program("Europe/Berlin"));
    await project.up();
    await project.expectNoChanges();
  } finally {
    await project.remove();
  }
});
