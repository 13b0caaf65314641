import { isIP } from "node:net";
import { platformIn } from "../../model/platform";
import type { PlatformName } from "../../model/types";
import type { ClusterSpec, DockerSpec } from "../../spec";
import { hasControl } from "../shared/patterns";
import { problemsOf, show, under, type Problem } from "../../errors";
import type { Read } from "../../read/read";

/** The platform, if exactly one is given: rules of one platform do not apply to a program with both, or with none. */
export const platformOf = (spec: Read<ClusterSpec>): PlatformName | undefined =>
  (spec.docker === undefined) === (spec.kubernetes === undefined) ? undefined : platformIn(spec);

/** `given`: the platforms in the program, including those that could not be read. */
export function checkPlatform(spec: Read<ClusterSpec>, given: { docker: boolean; kubernetes: boolean }): Problem[] {
  return [
    ...problemsOf([
      {
        when: !given.docker && !given.kubernetes,
        path: "docker",
        message: "no platform is given; write exactly one of docker: {} and kubernetes: {}",
      },
      {
        when: given.docker && given.kubernetes,
        path: "kubernetes",
        message: "two platforms are given, docker and kubernetes; leave one of them out",
      },
    ]),
    ...(spec.docker === undefined ? [] : checkDocker(spec.docker)),
  ];
}

/** Docker's predefined networks, which resolve no container names (bridge) or are no separate network. */
const dockerNetworks = ["bridge", "host", "none", "default"];
/** Prefixes reserved by pgharbor and Docker. */
const reservedLabels = ["pgharbor.", "com.docker.", "io.docker.", "org.dockerproject."];

const engine = /^((unix|npipe):\/\/\/?[\w./-]+|(tcp|ssh|https?):\/\/[\w.@:[\]/-]+)$/;
const withoutLogin = (url: string): string => url.replace(/\/\/.*@/s, "//...@");

function checkDocker(docker: Read<DockerSpec>): Problem[] {
  const { host, network, bindAddress, etcdMembers } = docker;
  return [
    ...problemsOf([
      {
        when: host !== undefined && !engine.test(host),
        path: "docker.host",
        message: `must be in the form of DOCKER_HOST, such as "unix:///var/run/docker.sock" or "tcp://10.0.0.1:2376", got ${show(withoutLogin(host ?? ""))}`,
      },
      {
        when: bindAddress !== undefined && isIP(bindAddress) === 0,
        path: "docker.bindAddress",
        message: `must be an IP address of the host, got ${show(bindAddress)}; "127.0.0.1" for the host alone, "0.0.0.0" for its network`,
      },
      {
        when: network !== undefined && !/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/.test(network),
        path: "docker.network",
        message: `must be the name of a network: letters, digits and _.-, got ${show(network)}`,
      },
      {
        when: network !== undefined && dockerNetworks.includes(network),
        path: "docker.network",
        message: `resolves no container names, got ${show(network)}; use a network that you made, or leave it out`,
      },
      {
        when: etcdMembers !== undefined && etcdMembers % 2 === 0,
        path: "docker.etcdMembers",
        message: `must be odd: ${etcdMembers} members tolerate no more failures than ${(etcdMembers ?? 0) - 1}, got ${etcdMembers}; use 1 or 3`,
      },
      {
        when: etcdMembers !== undefined && etcdMembers % 2 === 1 && etcdMembers > 3,
        path: "docker.etcdMembers",
        message: `must be 1 or 3, got ${etcdMembers}; on one host more of them add no availability`,
      },
    ]),
    ...Object.entries(docker.labels ?? {}).flatMap(([key, value]) =>
      checkLabel(under("docker.labels", key), key, value),
    ),
  ];
}

const checkLabel = (path: string, key: string, value: string | undefined): Problem[] =>
  problemsOf([
    {
      when: reservedLabels.some((prefix) => key.startsWith(prefix)),
      path,
      message: `starts with a reserved prefix (${reservedLabels.join(", ")}); choose another name`,
    },
    {
      when: !/^[a-z0-9]([a-z0-9._/-]{0,126}[a-z0-9])?$/.test(key),
      path,
      message: "must be named with lower-case letters, digits and ._/-, a letter or digit first and last, at most 128",
    },
    {
      when: value !== undefined && (hasControl(value) || value.length > 1024),
      path,
      message: `must be one line of at most 1024 characters, got ${show(value)}`,
    },
  ]);
