import * as fc from "fast-check";
import { renderConfigFile, renderConnectionJson, renderPgServiceConf, fitsServiceFile } from ".";

const connection = {
  host: "primary.shop.internal",
  port: 6432,
  database: "app",
  username: "u",
  password: "s3cret # x",
};

test("pg_service.conf, whole", () => {
  expect(renderPgServiceConf({ ...connection, targetSessionAttrs: "read-write" })).toBe(
    [
      "# Made by pgharbor. A change made here is lost: change the program and run `pulumi up`.",
      "[pgharbor]",
      "host=primary.shop.internal",
      "port=6432",
      "dbname=app",
      "user=u",
      "password=s3cret # x",
      "sslmode=verify-full",
      "sslrootcert=/run/pgharbor/connection/ca.crt",
      "target_session_attrs=read-write",
      "",
    ].join("\n"),
  );
});

test("values that libpq would not read back unchanged are refused", () => {
  expect(["a b", "=x", "[x]", "#"].map(fitsServiceFile)).toEqual([true, true, true, true]);
  expect(["a ", "a\t", "a\nb", "a\0"].map(fitsServiceFile)).toEqual([false, false, false, false]);
});

test("connection.json holds the parts", () => {
  expect(JSON.parse(renderConnectionJson(connection))).toEqual({
    ...connection,
    sslMode: "verify-full",
    sslRootCert: "/run/pgharbor/connection/ca.crt",
    targetSessionAttrs: "any",
  });
});

test("a configuration file has the format of its extension, with sorted keys", () => {
  const values = { b: 'say "x"', a: "1" };
  const banner = "# Made by pgharbor. A change made here is lost: change the program and run `pulumi up`.\n";
  expect(renderConfigFile("/c.json", values)).toBe('{\n  "a": "1",\n  "b": "say \\"x\\""\n}\n');
  expect(renderConfigFile("/c.yml", values)).toBe(`${banner}a: "1"\nb: "say \\"x\\""\n`);
  expect(renderConfigFile("/c.toml", values)).toBe(`${banner}"a" = "1"\n"b" = "say \\"x\\""\n`);
  expect(renderConfigFile("/c.conf", values)).toBe(`${banner}a=1\nb=say "x"\n`);
});

test("JSON reads all values back unchanged", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }), (values) => {
      expect(JSON.parse(renderConfigFile("/x.json", values))).toEqual(values);
    }),
  );
});
