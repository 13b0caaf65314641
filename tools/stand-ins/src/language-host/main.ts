/**
 * `pulumi-language-nodejs`: the Pulumi engine starts it to run a Node.js program. The CLI built from the Go module does
 * not include it, so this small one is installed beside that CLI. It prints its port, as the engine expects of every
 * plugin.
 */
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { exitWithParent } from "../exit-with-parent";
import { NodeLanguageHost } from "./node-language-host";

/** The engine passes its own address as the only positional argument; flags (`-root`, `-tracing`) may come before it. */
function engineAddress(argv: string[]): string {
  return argv.find((argument) => !argument.startsWith("-") && /:\d+$/.test(argument)) ?? "";
}

function main(): void {
  const server = new Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
  const host = new NodeLanguageHost(engineAddress(process.argv.slice(2)));
  server.addService(LanguageRuntimeService, host.handlers());
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      process.stderr.write(`pulumi-language-nodejs: cannot listen on 127.0.0.1: ${error.message}\n`);
      process.exit(1);
    }
    process.stdout.write(`${port}\n`);
  });
  exitWithParent();
}

main();
