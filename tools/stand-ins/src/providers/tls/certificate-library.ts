/**
 * The certificate library takes 0.2 s to load, so it is loaded only for updates, never for previews. It needs
 * reflect-metadata to be loaded first.
 */
export async function certificateLibrary() {
  await import("reflect-metadata");
  const extensions = await import("./certificate-extensions");
  const { signingKey } = await import("./signing-key");
  return { x509: await import("@peculiar/x509"), extensions, signingKey };
}
