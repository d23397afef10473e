// A part of `npm run build`: what each command loads, as one file each. Node takes half a millisecond for a module,
// and a command that talks to a server would spend most of its time on finding them.
import { dirname, join, relative } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { packageFile } from '../../src/core/index.ts'

interface Bundle {
  /** Entered by this file alone, as all folders are. */
  readonly entry: string
  /** Folder or package of which it takes along what it imports; all else stays an import. */
  readonly takes: string
}

const BUNDLES: readonly Bundle[] = [
  { entry: 'src/core/index.ts', takes: 'src/core' },
  { entry: 'src/errors.ts', takes: 'src/errors' },
  { entry: 'src/client/index.ts', takes: 'src/client' },
  { entry: 'src/hashes/index.ts', takes: 'src/hashes' },
  // 72 modules, of which a command that tells a time reads one setting.
  { entry: 'src/config/sources.ts', takes: 'yaml' },
]

function takingAlong(takes: string): Plugin {
  return {
    name: 'taking-along',
    setup(bundling) {
      bundling.onResolve({ filter: /./ }, ({ path, kind, importer }) => {
        if (kind === 'entry-point' || importer.includes('/node_modules/') || path === takes) {
          return undefined
        }
        const isWithin = !relative(packageFile(takes), join(dirname(importer), path)).startsWith(
          '..',
        )
        if (path.startsWith('.') && isWithin) return undefined
        return { path: path.replace(/\.ts$/, '.js'), external: true }
      })
    },
  }
}

for (const { entry, takes } of BUNDLES) {
  await build({
    entryPoints: [packageFile(entry)],
    outfile: packageFile(`dist/${entry.replace(/\.ts$/, '.js')}`),
    bundle: true,
    platform: 'neutral',
    format: 'esm',
    target: 'es2023',
    sourcemap: true,
    logLevel: 'warning',
    plugins: [takingAlong(takes)],
  })
}
