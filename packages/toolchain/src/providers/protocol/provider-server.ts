import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { checkInputs } from "./check";
import { diffResource, type Change } from "./diff";
import type { OperationContext, Provider, ResourceType } from "./resource-type";
import { serveProvider, unary } from "./serve-provider";
import { plannedOutputs, refreshedInputs, sealed, stateOf } from "./state";
import { fromStruct, plainProperties, toStruct, type Properties } from "./values";

/**
 * Speaks the engine's provider protocol for a table of resource types. The SDK's own `provider.main` hands over neither the provider's
 * configuration nor what a preview is, and loads the whole SDK; a stand-in needs the former two and has to start in an instant.
 */
export class ProviderServer {
  private ready: void | Promise<void> = undefined;

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
      checkConfig: unary((request: rpc.CheckRequest) => this.checkConfig(request)),
      diffConfig: unary((request: rpc.DiffRequest) => this.diffConfig(request)),
      configure: unary((request: rpc.ConfigureRequest) => this.configure(request)),
      check: unary((request: rpc.CheckRequest) => this.check(request)),
      diff: unary((request: rpc.DiffRequest) => this.diff(request)),
      create: unary((request: rpc.CreateRequest) => this.create(request)),
      read: unary((request: rpc.ReadRequest) => this.read(request)),
      update: unary((request: rpc.UpdateRequest) => this.update(request)),
      delete: unary((request: rpc.DeleteRequest) => this.delete(request)),
    };
  }

  private checkConfig(request: rpc.CheckRequest): rpc.CheckResponse {
    const news = fromStruct(request.getNews());
    const failures = this.provider.checkConfig?.(plainProperties(news)) ?? [];
    return new rpc.CheckResponse().setInputs(toStruct(news)).setFailuresList(failures.map(failureMessage));
  }

  private diffConfig(request: rpc.DiffRequest): rpc.DiffResponse {
    const olds = plainProperties(fromStruct(request.getOldInputs() ?? request.getOlds()));
    const news = plainProperties(fromStruct(request.getNews()));
    const changed = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
      (key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
    );
    const replaces = changed.filter((key) => this.provider.replacingConfig?.includes(key));
    const { DIFF_NONE, DIFF_SOME } = rpc.DiffResponse.DiffChanges;
    return new rpc.DiffResponse()
      .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
      .setDiffsList(changed)
      .setReplacesList(replaces);
  }

  private configure(request: rpc.ConfigureRequest): rpc.ConfigureResponse {
    this.ready = this.provider.configure?.(plainProperties(fromStruct(request.getArgs())));
    return new rpc.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
  }

  private check(request: rpc.CheckRequest): rpc.CheckResponse {
    const urn = request.getUrn();
    const olds = fromStruct(request.getOlds());
    const news = fromStruct(request.getNews());
    const checked = checkInputs(this.typeOf(urn), nameOf(urn), olds, news, request.getRandomseed_asU8());
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
      .setDeletebeforereplace(found.deleteBeforeReplace)
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
    await this.ready;
    const { id, outputs } = await type.create(inputs, contextOf(request));
    return new rpc.CreateResponse().setId(id).setProperties(toStruct(sealed(type, outputs, raw)));
  }

  private async read(request: rpc.ReadRequest): Promise<rpc.ReadResponse> {
    const type = this.typeOf(request.getUrn());
    const rawState = fromStruct(request.getProperties());
    const rawInputs = fromStruct(request.getInputs());
    const known = plainProperties(rawState);
    await this.ready;
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
    await this.ready;
    const outputs = type.update ? await type.update(request.getId(), state, inputs, contextOf(request)) : planned;
    return new rpc.UpdateResponse().setProperties(toStruct(sealed(type, outputs, raw)));
  }

  private async delete(request: rpc.DeleteRequest): Promise<Empty> {
    await this.ready;
    const state = plainProperties(fromStruct(request.getProperties()));
    await this.typeOf(request.getUrn()).delete?.(request.getId(), state, contextOf(request));
    return new Empty();
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

function contextOf(request: { getUrn(): string; getTimeout(): number }): OperationContext {
  return { urn: request.getUrn(), name: nameOf(request.getUrn()), timeout: request.getTimeout() };
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
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
