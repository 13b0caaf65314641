import { words } from "./network";

test("a rule of iptables as it is printed becomes arguments", () => {
  const rule = '-D OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES';
  expect(words(rule)).toEqual([
    "-D",
    "OUTPUT",
    "-m",
    "comment",
    "--comment",
    "kubernetes service portals",
    "-j",
    "KUBE-SERVICES",
  ]);
});
