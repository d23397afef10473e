/** The types of `binary.js`, which is plain JavaScript since it runs before anything is built. */
export function prebuiltFolder(platform: string, arch: string): string
export function binaryIn(folder: string): string
export function sourcesDigest(platform?: string, arch?: string): string
export function isBuiltFrom(folder: string, digest: string): boolean
export function loadCore():
  | { readonly core: unknown; readonly folder: string }
  | { readonly absence: string }
