/** Builds a `postgresql://` string. */
export const connectionUri = (at: {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}): string =>
  `postgresql://${encodeURIComponent(at.user)}:${encodeURIComponent(at.password)}@${at.host}:${at.port}/${at.database}`;
