import { ensureDocker, ensureImages, sbomOf } from "@pgharbor/toolchain";
import { ProgramContainer } from "../support/program-container";

jest.setTimeout(600_000);

interface Bill {
  bomFormat: string;
  components: { name: string; version: string; purl: string }[];
}

test.each(["gateway", "etcd", "postgres 17"] as const)(
  "the bill of %s is what is installed in it, each once",
  async (image) => {
    const { client } = await ensureDocker(() => undefined);
    const tags = await ensureImages(client, {}, () => undefined);
    const tag = image === "postgres 17" ? tags.postgres["17"] : tags[image];
    const { bomFormat, components } = (await sbomOf(client, tag)) as Bill;
    expect(bomFormat).toBe("CycloneDX");
    const container = await ProgramContainer.of(image);
    try {
      const { stdout } = await container.exec("dpkg", "-l");
      const installed = stdout.split("\n").filter((line) => line.startsWith("ii "));
      expect(components).toHaveLength(installed.length);
      const program = image === "gateway" ? "pgbouncer" : image === "etcd" ? "etcd-server" : "postgresql-17";
      const version = installed.map((line) => line.split(/\s+/)).find(([, name]) => name === program)![2];
      expect(components.find(({ name }) => name === program)).toMatchObject({
        version,
        purl: expect.stringMatching(
          new RegExp(`^pkg:deb/debian/${program}@[^@]+\\?arch=(amd64|arm64|all)&distro=debian-trixie$`),
        ),
      });
    } finally {
      await container.remove();
    }
    expect(new Set(components.map(({ purl }) => purl)).size).toBe(components.length);
  },
);
