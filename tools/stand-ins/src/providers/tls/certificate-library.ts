/** The certificate library takes 0.2 s to load: only an update pays for it, never a preview. It needs reflect-metadata before itself. */
export async function certificateLibrary() {
  await import("reflect-metadata");
  const extensions = await import("./certificate-extensions");
  const { signingKey } = await import("./signing-key");
  return { x509: await import("@peculiar/x509"), extensions, signingKey };
}
