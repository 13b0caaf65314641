import { missingCapabilities } from "./why-no-node";

test.each([
  ["all of root's", "000001ffffffffff", []],
  ["a container of Docker", "00000000a80425fb", ["CAP_NET_ADMIN", "CAP_SYS_ADMIN"]],
  ["a container with --cap-add NET_ADMIN", "00000000a80435fb", ["CAP_SYS_ADMIN"]],
])("capabilities that are missing: %s", (_, effective, missing) => {
  expect(missingCapabilities(`Name:\tnode\nCapPrm:\t0000000000000000\nCapEff:\t${effective}\nSeccomp:\t0\n`)).toEqual(
    missing,
  );
});
