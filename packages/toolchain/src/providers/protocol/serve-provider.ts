import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { toStruct, type Properties } from "./values";

type UnaryHandler = (call: never, done: never) => void;

/** Answers the engine on a free port and prints that port, which is how the engine finds a plugin. */
export function serveProvider(name: string, handlers: { readonly [method: string]: UnaryHandler }): void {
  const server = new Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
  server.addService(ResourceProviderService as never, handlers as unknown as UntypedServiceImplementation);
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      process.stderr.write(`pulumi-resource-${name}: cannot listen on 127.0.0.1: ${error.message}\n`);
      process.exit(1);
    }
    process.stdout.write(`${port}\n`);
  });
}

export function unary<Request, Response>(answer: (request: Request) => Response | Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, done: sendUnaryData<Response>) => {
    Promise.resolve()
      .then(() => answer(call.request))
      .then(
        (response) => done(null, response),
        (error: Error) => done({ code: status.UNKNOWN, details: error.message, metadata: detailsOf(error) }),
      );
  };
}

/** The thing exists, but is not as it should be: the engine keeps it in the state and continues with an update the next time. */
export class InitFailed extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly state: Properties,
    readonly reasons: readonly string[],
    readonly inputs?: Properties,
  ) {
    super(message);
  }
}

/** gRPC carries structured errors in this trailer; the Node.js library leaves filling it to us. */
function detailsOf(error: Error): Metadata | undefined {
  if (!(error instanceof InitFailed)) return undefined;
  const failed = new ErrorResourceInitFailed()
    .setId(error.id)
    .setProperties(toStruct(error.state))
    .setReasonsList([...error.reasons]);
  if (error.inputs) failed.setInputs(toStruct(error.inputs));
  const detail = new Any();
  detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const answer = new Status().setCode(status.UNKNOWN).setMessage(error.message);
  answer.addDetails(detail);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(answer.serializeBinary()));
  return metadata;
}
