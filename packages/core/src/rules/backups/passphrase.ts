import { problemsOf, type Problem } from "../../errors";

/** It stands in a line of a configuration file, whose ends are trimmed. */
const plain = /^[\x21-\x7e]{16,255}$/;

/** Problems of the passphrase of backups. No message shows it. */
export const checkPassphrase = (passphrase: unknown): Problem[] =>
  problemsOf([
    {
      when: typeof passphrase !== "string" || !plain.test(passphrase),
      path: "backupPassphrase",
      message: "must be 16 to 255 printable characters of ASCII without spaces; the value is not shown",
    },
  ]);
