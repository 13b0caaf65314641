import { fullReference } from "./load-images";

test.each([
  ["pgharbor/postgres:17-abc", "docker.io/pgharbor/postgres:17-abc"],
  ["debian:trixie", "docker.io/library/debian:trixie"],
  ["debian", "docker.io/library/debian:latest"],
  ["registry.example.com/team/postgres:17", "registry.example.com/team/postgres:17"],
  ["localhost/postgres:17", "localhost/postgres:17"],
  ["localhost:5000/postgres", "localhost:5000/postgres:latest"],
])("the node knows %s as %s", (tag, reference) => {
  expect(fullReference(tag)).toBe(reference);
});
