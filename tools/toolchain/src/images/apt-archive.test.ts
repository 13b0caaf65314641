import { findAptArchive } from "./apt-archive";

const MAIN = "http://archive.example/debian";
const SECURITY = "http://archive.example/debian-security";

test.each([
  ["one line each", `deb ${MAIN} trixie main\ndeb ${SECURITY} trixie-security main\n`],
  [
    "one line each with options",
    `deb [arch=amd64 trusted=yes] ${MAIN}/ trixie main\ndeb ${SECURITY} trixie-security main`,
  ],
  ["deb822", `Types: deb\nURIs: ${MAIN}\nSuites: trixie\n\nTypes: deb\nURIs: ${SECURITY}/\nSuites: trixie-security\n`],
])("%s", (_, text) => expect(findAptArchive([text])).toEqual({ main: MAIN, security: SECURITY }));

test("third parties' archives and comments are passed over", () => {
  const other = `deb https://packages.example/node_20.x nodistro main\n# deb http://old.example/debian sid main\n`;
  expect(findAptArchive([other, `deb ${MAIN} trixie main`])).toEqual({ main: MAIN, security: undefined });
});

test("a machine without Debian's archive has none", () => {
  expect(findAptArchive(["deb http://archive.example/ubuntu noble main"])).toBeUndefined();
});
