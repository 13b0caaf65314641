import { connectionPaths, servicePresets, type AllowedValues, type SupportingServiceSpec } from "../../spec";
import { hasControl, repeated } from "../shared/patterns";
import { problemsOf, show, under, type Problem, type Row } from "../../errors";
import type { Read } from "../../read/read";
import { holdsPassword } from "./process";

/** The configuration file of a supporting service, and the files with secrets. */
export function checkConfigFile(read: Read<SupportingServiceSpec>): Problem[] {
  const { config, image, serviceType, secretFiles = [] } = read;
  const preset = serviceType === undefined ? undefined : servicePresets[serviceType];
  const paths = [config?.path, ...secretFiles];
  const twice = repeated(paths);
  const rows: Row[] = [
    {
      when: config !== undefined && config.path === undefined && image !== undefined,
      path: "config.path",
      message: 'is missing; give the path where the program reads it, such as "/etc/app/config.json"',
    },
    {
      when: config?.path !== undefined && preset !== undefined,
      path: "config.path",
      message: `is fixed for this service type, got ${show(config?.path)}; leave it out`,
    },
    ...(config?.path === undefined ? [] : pathRows("config.path", config.path)),
    ...secretFiles.flatMap((path, i): Row[] =>
      path === undefined
        ? []
        : [
            ...pathRows(under("secretFiles", path), path),
            {
              when: twice.includes(i + 1),
              path: under("secretFiles", path),
              message: "is the path of another file; choose another",
            },
          ],
    ),
  ];
  const values = Object.entries(config?.values ?? {});
  return problemsOf([
    ...rows,
    ...values.flatMap(([key, value = ""]) =>
      preset === undefined ? valueRows(config?.path ?? "", key, value) : presetRows(preset.configKeys, key, value),
    ),
  ]);
}

const at = (key: string): string => under("config.values", key);

function valueRows(file: string, key: string, value: string): Row[] {
  const isLines = !/\.(json|ya?ml|toml)$/.test(file);
  return [
    {
      when: isLines && !/^[\w.-]+$/.test(key),
      path: at(key),
      message: "is not a valid key of a line key=value; use letters, digits and _.-",
    },
    {
      when: isLines && hasControl(value),
      path: at(key),
      message: "must be one line: the file has lines key=value; use a .json, .yaml or .toml file for more",
    },
    { when: holdsPassword(value), path: at(key), message: `${PASSWORD}; ${USE_CONNECTION}` },
  ];
}

function presetRows(known: Record<string, AllowedValues>, key: string, value: string): Row[] {
  const rule = Object.hasOwn(known, key) ? known[key] : undefined;
  if (rule === undefined) {
    const message = `is not a key of this service type; keys are ${Object.keys(known).join(", ")}`;
    return [{ when: true, path: at(key), message }];
  }
  return [{ when: !rule.pattern.test(value), path: at(key), message: `must be ${rule.expected}, got ${show(value)}` }];
}

const PASSWORD = "has a URL with a password, which everyone who sees this stack can read";
const USE_CONNECTION = `the connection is in ${connectionPaths.folder}, other secrets belong in secretFiles`;

function pathRows(path: string, file: string): Row[] {
  const isPath = /^(\/[^/]+)+$/.test(file) && !/\/\.\.?(\/|$)/.test(file) && !hasControl(file) && file.length <= 1024;
  return [
    {
      when: !isPath,
      path,
      message: `must be an absolute path of a file such as "/etc/app/config.json", got ${show(file)}`,
    },
    {
      when: isPath && `${file}/`.startsWith(`${connectionPaths.folder}/`),
      path,
      message: `is in the folder of the connection's files, got ${show(file)}; choose another folder`,
    },
    {
      when: isPath && /^\/(proc|sys|dev)(\/|$)/.test(file),
      path,
      message: `is in a file system of the kernel, got ${show(file)}; choose another folder`,
    },
  ];
}
