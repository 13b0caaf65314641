import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { checkInputs } from "./check";
import { diffResource, type Change } from "./diff";
import type { Provider, ResourceType } from "./resource-type";
import { serveProvider, unary } from "./serve-provider";
import { plannedOutputs, refreshedInputs, sealed, stateOf } from "./state";
import { fromStruct, plainProperties, toStruct, type Properties } from "./values";

/**
 * Serves the engine's provider protocol for a table of resource types. The SDK's own `provider.main` does not report
 * previews, and loads the whole SDK. A stand-in must recognise previews and start at once.
 */
export class ProviderServer {
  constructor(
    private readonly provider: Provider,
    private readonly version: string,
  ) {}

  listen(): void {
    serveProvider(this.provider.name, this.handlers());
  }

  private handlers() {
    return {
      handshake: unary(() => new rpc.ProviderHandshakeResponse().setAcceptSecrets(true)),
      attach: unary(() => new Empty()),
      cancel: unary(() => new Empty()),
      getPluginInfo: unary(() => new PluginInfo().setVersion(this.version)),
      getSchema: unary(() =>
        new rpc.GetSchemaResponse().setSchema(JSON.stringify({ name: this.provider.name, version: this.version })),
      ),
      getMapping: unary(() => new rpc.GetMappingResponse()),
      getMappings: unary(() => new rpc.GetMappingsResponse()),
      checkConfig: unary((request: rpc.CheckRequest) => new rpc.CheckResponse().setInputs(request.getNews())),
      diffConfig: unary(() => new rpc.DiffResponse().setChanges(rpc.DiffResponse.DiffChanges.DIFF_NONE)),
      configure: unary(() => new rpc.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true)),
      check: unary((request: rpc.CheckRequest) => this.check(request)),
      diff: unary((request: rpc.DiffRequest) => this.diff(request)),
      create: unary((request: rpc.CreateRequest) => this.create(request)),
      read: unary((request: rpc.ReadRequest) => this.read(request)),
      update: unary((request: rpc.UpdateRequest) => this.update(request)),
      delete: unary(() => new Empty()),
    };
  }

  private check(request: rpc.CheckRequest): rpc.CheckResponse {
    const checked = checkInputs(this.typeOf(request.getUrn()), fromStruct(request.getNews()));
    return new rpc.CheckResponse()
      .setInputs(toStruct(checked.inputs))
      .setFailuresList(checked.failures.map(failureMessage));
  }

  private diff(request: rpc.DiffRequest): rpc.DiffResponse {
    const [state, oldInputs, news] = [request.getOlds(), request.getOldInputs(), request.getNews()].map((struct) =>
      plainProperties(fromStruct(struct)),
    ) as [Properties, Properties, Properties];
    const found = diffResource(this.typeOf(request.getUrn()), state, oldInputs, news);
    const { DIFF_NONE, DIFF_SOME } = rpc.DiffResponse.DiffChanges;
    const response = new rpc.DiffResponse()
      .setChanges(found.changed.length > 0 ? DIFF_SOME : DIFF_NONE)
      .setDiffsList(found.changed)
      .setReplacesList(found.replaces)
      .setHasdetaileddiff(true);
    for (const change of found.changes) response.getDetaileddiffMap().set(change.path, changeMessage(change));
    return response;
  }

  private async create(request: rpc.CreateRequest): Promise<rpc.CreateResponse> {
    const type = this.typeOf(request.getUrn());
    const raw = fromStruct(request.getProperties());
    const inputs = stateOf(type, plainProperties(raw));
    if (request.getPreview()) {
      return new rpc.CreateResponse().setProperties(toStruct(sealed(type, plannedOutputs(type, inputs), raw)));
    }
    const { id, outputs } = await type.create(inputs);
    return new rpc.CreateResponse().setId(id).setProperties(toStruct(sealed(type, outputs, raw)));
  }

  private async read(request: rpc.ReadRequest): Promise<rpc.ReadResponse> {
    const type = this.typeOf(request.getUrn());
    const rawState = fromStruct(request.getProperties());
    const rawInputs = fromStruct(request.getInputs());
    const known = plainProperties(rawState);
    const state = type.read ? await type.read(request.getId(), known) : known;
    if (!state) return new rpc.ReadResponse();
    const inputs = refreshedInputs(type, rawInputs, state);
    return new rpc.ReadResponse()
      .setId(request.getId())
      .setProperties(toStruct(sealed(type, state, rawInputs, rawState)))
      .setInputs(toStruct(sealed(type, inputs, rawInputs)));
  }

  private async update(request: rpc.UpdateRequest): Promise<rpc.UpdateResponse> {
    const type = this.typeOf(request.getUrn());
    const raw = fromStruct(request.getNews());
    const inputs = stateOf(type, plainProperties(raw));
    const state = plainProperties(fromStruct(request.getOlds()));
    const planned = { ...state, ...inputs };
    for (const [name, spec] of Object.entries(type.inputs)) {
      if (!(name in inputs) && !spec.computed) delete planned[name];
    }
    if (request.getPreview()) return new rpc.UpdateResponse().setProperties(toStruct(sealed(type, planned, raw)));
    const outputs = type.update ? await type.update(request.getId(), state, inputs) : planned;
    return new rpc.UpdateResponse().setProperties(toStruct(sealed(type, outputs, raw)));
  }

  private typeOf(urn: string): ResourceType {
    const token = (urn.split("::")[2] ?? "").split("$").pop() ?? "";
    const type = this.provider.resources[token];
    if (type) return type;
    const known = Object.keys(this.provider.resources).join(", ");
    throw new Error(
      `${token}: the offline stand-in of the ${this.provider.name} provider does not have this resource type. It has ${known}. ` +
        `With the official plugin installed (\`pulumi plugin install resource ${this.provider.name} v${this.version}\`) it works.`,
    );
  }
}

function failureMessage(failure: { property: string; reason: string }): rpc.CheckFailure {
  return new rpc.CheckFailure().setProperty(failure.property).setReason(failure.reason);
}

function changeMessage(change: Change): rpc.PropertyDiff {
  const { Kind } = rpc.PropertyDiff;
  const kinds = {
    add: change.replaces ? Kind.ADD_REPLACE : Kind.ADD,
    delete: change.replaces ? Kind.DELETE_REPLACE : Kind.DELETE,
    update: change.replaces ? Kind.UPDATE_REPLACE : Kind.UPDATE,
  };
  return new rpc.PropertyDiff().setKind(kinds[change.kind]).setInputdiff(change.fromInput);
}
