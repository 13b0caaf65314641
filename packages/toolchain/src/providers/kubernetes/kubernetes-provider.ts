import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { EngineLog } from "../protocol/engine-log";
import { serveProvider, unary } from "../protocol/serve-provider";
import { fromStruct, plainProperties, toStruct } from "../protocol/values";
import { checkObject } from "./check-object";
import { ClusterConnection } from "./cluster-connection";
import { parseCheckpoint } from "./checkpoint";
import { diffConfig } from "./diff-config";
import { diffObject } from "./diff-object";
import type { Operation } from "./operation";
import { configProblems, providerOptions, type ProviderOptions } from "./provider-options";
import { createResource, deleteResource, readResource, updateResource } from "./resource-operations";

/**
 * Speaks the engine's protocol for objects of every kind. Unlike the providers of a table of resource types, what a kind consists of is known
 * to the server alone, and a value in the state is what the server said.
 */
export class KubernetesProvider {
  private options: ProviderOptions = providerOptions({});
  private connection = new ClusterConnection(this.options);
  private stopped = false;

  constructor(
    private readonly version: string,
    private log: EngineLog,
  ) {}

  listen(): void {
    serveProvider("kubernetes", {
      handshake: unary((request: rpc.ProviderHandshakeRequest) => {
        if (request.getEngineAddress()) this.log = new EngineLog(request.getEngineAddress());
        return new rpc.ProviderHandshakeResponse().setAcceptSecrets(true).setSupportsAutonamingConfiguration(true);
      }),
      attach: unary(() => new Empty()),
      cancel: unary(() => {
        this.stopped = true;
        return new Empty();
      }),
      getPluginInfo: unary(() => new PluginInfo().setVersion(this.version)),
      getSchema: unary(() =>
        new rpc.GetSchemaResponse().setSchema(JSON.stringify({ name: "kubernetes", version: this.version })),
      ),
      getMapping: unary(() => new rpc.GetMappingResponse()),
      getMappings: unary(() => new rpc.GetMappingsResponse()),
      checkConfig: unary((request: rpc.CheckRequest) => this.checkConfig(request)),
      diffConfig: unary((request: rpc.DiffRequest) => this.diffConfig(request)),
      configure: unary((request: rpc.ConfigureRequest) => this.configure(request)),
      check: unary((request: rpc.CheckRequest) => this.check(request)),
      diff: unary((request: rpc.DiffRequest) => this.diff(request)),
      create: unary((request: rpc.CreateRequest) => this.create(request)),
      read: unary((request: rpc.ReadRequest) => this.read(request)),
      update: unary((request: rpc.UpdateRequest) => this.update(request)),
      delete: unary((request: rpc.DeleteRequest) => this.delete(request)),
    });
  }

  private checkConfig(request: rpc.CheckRequest): rpc.CheckResponse {
    const news = fromStruct(request.getNews());
    const failures = configProblems(plainProperties(news)).map(({ property, reason }) =>
      new rpc.CheckFailure().setProperty(property).setReason(reason),
    );
    return new rpc.CheckResponse().setInputs(toStruct(news)).setFailuresList(failures);
  }

  private async diffConfig(request: rpc.DiffRequest): Promise<rpc.DiffResponse> {
    const olds = plainProperties(fromStruct(request.getOldInputs() ?? request.getOlds()));
    const { changed, replaces } = await diffConfig(olds, plainProperties(fromStruct(request.getNews())));
    const { DIFF_NONE, DIFF_SOME } = rpc.DiffResponse.DiffChanges;
    return new rpc.DiffResponse()
      .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
      .setDiffsList(changed)
      .setReplacesList(replaces);
  }

  private configure(request: rpc.ConfigureRequest): rpc.ConfigureResponse {
    this.options = providerOptions(plainProperties(fromStruct(request.getArgs())));
    this.connection = new ClusterConnection(this.options);
    return new rpc.ConfigureResponse()
      .setAcceptsecrets(true)
      .setSupportspreview(true)
      .setSupportsAutonamingConfiguration(true);
  }

  private async check(request: rpc.CheckRequest): Promise<rpc.CheckResponse> {
    const autonaming = request.getAutonaming();
    const { DISABLE } = rpc.CheckRequest.AutonamingOptions.Mode;
    const inputs = await checkObject(this.connection, {
      token: tokenOf(request.getUrn()),
      olds: fromStruct(request.getOlds()),
      news: fromStruct(request.getNews()),
      naming: {
        logicalName: nameOf(request.getUrn()),
        seed: request.getRandomseed_asU8(),
        proposed: autonaming?.getProposedName(),
        disabled: autonaming?.getMode() === DISABLE,
      },
    });
    return new rpc.CheckResponse().setInputs(toStruct(inputs));
  }

  private diff(request: rpc.DiffRequest): rpc.DiffResponse {
    const { declared, live } = parseCheckpoint(fromStruct(request.getOlds()));
    const news = plainProperties(fromStruct(request.getNews()));
    const found = diffObject(news, declared, live, this.options, request.getIgnorechangesList());
    const { DIFF_NONE, DIFF_SOME } = rpc.DiffResponse.DiffChanges;
    const { Kind } = rpc.PropertyDiff;
    const kinds = {
      add: [Kind.ADD, Kind.ADD_REPLACE],
      delete: [Kind.DELETE, Kind.DELETE_REPLACE],
      update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
    } as const;
    const response = new rpc.DiffResponse()
      .setChanges(found.changes.length > 0 ? DIFF_SOME : DIFF_NONE)
      .setReplacesList(found.replaces)
      .setDeletebeforereplace(found.deleteBeforeReplace)
      .setHasdetaileddiff(true);
    for (const { path, kind, replaces } of found.changes) {
      const change = new rpc.PropertyDiff().setKind(kinds[kind][replaces ? 1 : 0]).setInputdiff(kind === "delete");
      response.getDetaileddiffMap().set(path, change);
    }
    return response;
  }

  private async create(request: rpc.CreateRequest): Promise<rpc.CreateResponse> {
    const raw = fromStruct(request.getProperties());
    const { id, state } = await createResource(this.operation(request), raw);
    return new rpc.CreateResponse().setId(id).setProperties(toStruct(state));
  }

  private async read(request: rpc.ReadRequest): Promise<rpc.ReadResponse> {
    const found = await readResource(this.operation(request), {
      id: request.getId(),
      token: tokenOf(request.getUrn()),
      inputs: fromStruct(request.getInputs()),
      state: fromStruct(request.getProperties()),
    });
    if (!found) return new rpc.ReadResponse();
    return new rpc.ReadResponse()
      .setId(request.getId())
      .setProperties(toStruct(found.state))
      .setInputs(toStruct(found.inputs));
  }

  private async update(request: rpc.UpdateRequest): Promise<rpc.UpdateResponse> {
    const state = await updateResource(this.operation(request), {
      news: fromStruct(request.getNews()),
      state: fromStruct(request.getOlds()),
      ignored: request.getIgnorechangesList(),
    });
    return new rpc.UpdateResponse().setProperties(toStruct(state));
  }

  private async delete(request: rpc.DeleteRequest): Promise<Empty> {
    await deleteResource(this.operation(request), fromStruct(request.getProperties()), request.getId());
    return new Empty();
  }

  private operation(request: { getUrn(): string; getPreview?(): boolean; getTimeout?(): number }): Operation {
    return {
      api: this.connection.api,
      options: this.options,
      urn: request.getUrn(),
      preview: request.getPreview?.() ?? false,
      timeout: request.getTimeout?.() ?? 0,
      log: this.log,
      cancelled: () => this.stopped,
    };
  }
}

function tokenOf(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").pop() ?? "";
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
