import { parse } from "yaml";
import { SyncMode } from "../../spec";
import { model, deferred, member } from "../../../../../test/support/planned-by-hand";
import { resolveSpec } from "../../model/resolve-spec";
import type { ClusterModel } from "../../model/types";
import { renderDynamicConfig } from "./dynamic-config";
import { renderPatroniYml } from "./patroni-yml";
import { memberTags } from "./tags";

const dynamic = (more: Partial<ClusterModel>) =>
  renderDynamicConfig(model(more), []) as unknown as {
    [key: string]: unknown;
    postgresql: { parameters: Record<string, string> };
  };

test("protected parameters cannot be overridden, in upper or lower case", () => {
  const wanted = {
    SSL: "off",
    password_encryption: "md5",
    Hot_Standby: "off",
    wal_log_hints: "off",
    wal_level: "minimal",
    shared_preload_libraries: "evil",
    listen_addresses: "*",
    port: "1",
    hba_file: "/tmp/x",
    ssl_key_file: "/tmp/x",
    synchronous_standby_names: "",
    recovery_target_time: "now",
    recovery_min_apply_delay: "1h",
    unix_socket_directories: "/tmp",
    work_mem: "1MB",
    recovery_prefetch: "off",
  };
  expect(dynamic({ parameters: wanted }).postgresql.parameters).toEqual({
    archive_command: "/bin/true",
    archive_mode: "on",
    archive_timeout: "0",
    hot_standby: "on",
    log_connections: "on",
    log_destination: "stderr",
    log_disconnections: "on",
    log_line_prefix: "%m [%p] %q%h %a %u@%d ",
    log_parameter_max_length_on_error: "0",
    log_replication_commands: "on",
    logging_collector: "off",
    password_encryption: "scram-sha-256",
    reserved_connections: "10",
    recovery_prefetch: "off",
    shared_preload_libraries: "pg_stat_statements",
    ssl: "on",
    ssl_ciphers: "ECDHE+AESGCM:ECDHE+CHACHA20",
    wal_level: "replica",
    wal_log_hints: "on",
    work_mem: "1MB",
  });
});

test("a given value overrides a default", () => {
  expect(dynamic({ parameters: { wal_level: "logical", log_line_prefix: "%p " } }).postgresql.parameters).toMatchObject(
    {
      wal_level: "logical",
      log_line_prefix: "%p ",
    },
  );
});

test("a library with a strange name stays one library", () => {
  const { parameters } = dynamic({ sharedPreloadLibraries: ["a", 'b, "c'] }).postgresql;
  expect(parameters.shared_preload_libraries).toBe('a,"b, ""c"');
});

test.each([
  [SyncMode.Off, 1, { synchronous_mode: false, synchronous_mode_strict: false }],
  [SyncMode.Quorum, 2, { synchronous_mode: "quorum", synchronous_mode_strict: false, synchronous_node_count: 2 }],
  [SyncMode.Strict, 1, { synchronous_mode: "quorum", synchronous_mode_strict: true, synchronous_node_count: 1 }],
  [SyncMode.Strict, 0, { synchronous_mode: false, synchronous_mode_strict: false, synchronous_node_count: 1 }],
] as const)("sync %s with %i replicas", (sync, syncReplicas, expected) => {
  const waitsForReplicas = resolveSpec("c", { sync, syncReplicas }).waitsForReplicas;
  expect(dynamic({ sync, syncReplicas, waitsForReplicas })).toMatchObject(expected);
});

test("tags cannot make a member promotable", () => {
  const offline = member("m3", {
    role: "offline",
    electable: false,
    tags: { nofailover: "false", failover_priority: "9" },
  });
  expect(memberTags(offline)).toEqual({ nofailover: true, nosync: true });
});

test("Patroni's boolean tags are booleans, and other tags are text", () => {
  expect(memberTags(member("m1", { tags: { clonefrom: "false", nosync: "true", zone: "on" } }))).toEqual({
    clonefrom: false,
    nosync: true,
    zone: "on",
  });
  expect(memberTags(member("m1", { role: "primary" }))).toEqual({ failover_priority: 2 });
});

test("a delayed member has Patroni's setting for it, and only such a member has extra lines", () => {
  const read = (text: string) => (parse(text) as { postgresql: Record<string, unknown> }).postgresql;
  const delayed = read(
    renderPatroniYml(model(), member("m2", { applyDelay: "1h" }), deferred, ["local all all reject"]),
  );
  expect(delayed).toMatchObject({
    recovery_conf: { recovery_min_apply_delay: "1h" },
    pg_hba: ["local all all reject"],
  });
  const plain = read(renderPatroniYml(model(), member("m1"), deferred));
  expect(Object.keys(plain)).not.toEqual(expect.arrayContaining(["recovery_conf"]));
  expect(Object.keys(plain)).not.toEqual(expect.arrayContaining(["pg_hba"]));
});

test("the superuser has no password: it comes in by the socket alone", () => {
  const { postgresql } = parse(renderPatroniYml(model(), member("m1"), deferred)) as {
    postgresql: { authentication: { superuser: object } };
  };
  expect(postgresql.authentication.superuser).toEqual({ username: "postgres" });
});

test("passwords with special characters round-trip", () => {
  const hard = `'"\\: #{}[]&*!|>%@\`\u00e9\n\t `;
  const passwords = { ...deferred.passwords, rest: hard };
  const read = parse(renderPatroniYml(model(), member("m1"), { ...deferred, passwords })) as {
    restapi: { authentication: { password: string } };
  };
  expect(read.restapi.authentication.password).toBe(hard);
});
