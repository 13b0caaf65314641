import { isOther, type Handler } from "../provider/handler";
import type { Location } from "../../clients/location";
import type { SqlServer } from "../sql/sql-server";
import { stillConnects } from "../sql/connection";

/** The connections of a cluster's resources and of its SQL resources. */
type Connection = Partial<Location> & { server?: SqlServer };

/** A value that a preview does not know yet is no other connection. */
const isSameConnection = (a: Connection, b: Connection): boolean =>
  !isOther(a.kubeconfig, b.kubeconfig) &&
  !isOther(a.kubernetes?.account?.uid, b.kubernetes?.account?.uid) &&
  (a.server === undefined || b.server === undefined || stillConnects(a.server, b.server));

/**
 * A refresh and a delete only know the state. So another kubeconfig, with a token or certificate that replaces an expiring one, is a
 * change of each resource that has it. The update stores it and does nothing else.
 */
export function rememberConnection<Inputs extends object, Outputs extends Inputs>(
  handler: Handler<Inputs, Outputs>,
): Handler<Inputs, Outputs> {
  return {
    ...handler,
    async diff(id, olds, news) {
      const result = await handler.diff(id, olds, news);
      return result.changes === true ? result : { ...result, changes: !isSameConnection(olds, news) };
    },
    async update(id, olds, news) {
      const { changes } = await handler.diff(id, olds, news);
      return changes === true ? handler.update(id, olds, news) : { outs: withConnectionOf(news, olds) };
    },
  };
}

function withConnectionOf<Outputs extends object>(news: Connection, olds: Outputs): Outputs {
  const { kubeconfig: _former, ...rest }: Connection & Outputs = olds;
  const { kubeconfig, kubernetes, server } = news;
  return {
    ...(rest as Outputs),
    ...(server === undefined ? {} : { server }),
    ...(kubernetes === undefined ? {} : { kubernetes }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  };
}
