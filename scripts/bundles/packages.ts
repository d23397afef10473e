import { isBuiltin } from 'node:module'
import { build, type Metafile } from 'esbuild'
import { packageFile } from '../../src/core/index.ts'

/** The package of which the command line is made. */
export const PARSER = 'commander'

/**
 * The sources, of all that `entry` may load, that load a package beside the parser with them, be it by others that they
 * import: what works without a server, or reads files of which the others know nothing.
 */
export async function sourcesThatLoadPackages(entry: string): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    entryPoints: [entry],
    absWorkingDir: packageFile('.'),
    bundle: true,
    write: false,
    outdir: 'dist',
    metafile: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  })
  const sources = Object.keys(metafile.inputs)
  return new Set(sources.filter((source) => loadsPackage(metafile.inputs, source, new Set())))
}

function loadsPackage(inputs: Metafile['inputs'], source: string, seen: Set<string>): boolean {
  seen.add(source)
  return (inputs[source]?.imports ?? []).some(({ path, kind, external }) => {
    if (kind === 'dynamic-import') return false
    if (external === true) return path !== PARSER && !isBuiltin(path)
    return !seen.has(path) && loadsPackage(inputs, path, seen)
  })
}
