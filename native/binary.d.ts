/** What `binary.js` gives, told to TypeScript. */
export function prebuiltFolder(platform: string, arch: string): string
export function binaryIn(folder: string): string
export function sourcesDigest(platform?: string, arch?: string): string
export function isBuiltFrom(folder: string, digest: string): boolean
export function loadCore():
  | { readonly core: unknown; readonly folder: string }
  | { readonly absence: string }
