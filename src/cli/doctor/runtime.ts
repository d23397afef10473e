import { ffmpegVersion, pictureFormats } from '../../decode/index.ts'
import type { Config } from '../../config.ts'
import { ERRORS, toHindraError } from '../../errors.ts'
import { createHnswIndex, kernelName, nativeCoreAbsence } from '../../index/index.ts'
import { needTensorFlow } from '../../model/index.ts'
import { type Check, fail, ok, warn } from './check.ts'

const NODE_MAJOR_RECOMMENDED = 24

/** Node, the libraries with native code, ffmpeg, and what runs a model. */
export function runtimeChecks(config: Config): readonly Check[] {
  return [node, pictures, hnsw, kernel, films, () => learnedModel(config)]
}

function node() {
  const version = process.versions.node
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const mend = `install Node ${NODE_MAJOR_RECOMMENDED}`
  if (major < 20 || (major === 20 && minor < 19)) return fail('Node', `${version} is too old`, mend)
  // https://github.com/nodejs/release: 20 ended on 2026-04-30.
  if (major < 22) return warn('Node', `${version} gets no security fixes any more`, mend)
  return ok('Node', version)
}

function pictures() {
  try {
    const formats = pictureFormats()
    const detail = formats.join(', ')
    if (formats.includes('heic')) return ok('pictures (sharp)', detail)
    return warn(
      'pictures (sharp)',
      `${detail}; no HEIC`,
      'HEIC needs a sharp built against a libvips with libheif: npm rebuild sharp --build-from-source',
    )
  } catch (cause) {
    return fail('pictures (sharp)', String(cause), 'npm ci')
  }
}

function hnsw() {
  const name = 'approximate index (hnswlib-node)'
  try {
    createHnswIndex().close()
    return ok(name, 'loads')
  } catch {
    return warn(
      name,
      'not there: no similar items, no learned model, no index.kind hnsw',
      'apt-get install python3 make g++, and install Hindra again; all else works without',
    )
  }
}

function kernel() {
  const name = 'native core'
  try {
    const absence = nativeCoreAbsence()
    if (absence === undefined) return ok(name, `kernel ${kernelName()}`)
    return warn(
      name,
      `portable code serves, many times slower: ${absence}`,
      'apt-get install python3 make g++ && npm rebuild hindra; unset HINDRA_KERNEL',
    )
  } catch (cause) {
    return fail(name, toHindraError(cause).message, 'unset HINDRA_KERNEL')
  }
}

async function films() {
  const version = await ffmpegVersion()
  if (version === undefined) {
    return fail('films (ffmpeg)', 'not installed: films are refused', 'apt-get install ffmpeg')
  }
  return ok('films (ffmpeg)', version)
}

function learnedModel({ model }: Config) {
  const name = 'learned model (TensorFlow.js)'
  if (model.path === undefined) return ok(name, 'none is set, so nothing is needed')
  try {
    needTensorFlow()
    return ok(name, 'installed')
  } catch (cause) {
    const { code, message } = toHindraError(cause)
    return fail(name, message, ERRORS[code].remedy)
  }
}
