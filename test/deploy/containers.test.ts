import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { packageFile } from '../../src/core/index.ts'
import { broken, DEPLOY, deployed, hasTool, told } from './tools.ts'

const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
  version: string
}
const KUSTOMIZE = join(DEPLOY, 'container/kustomize')

describe('the container file', () => {
  const stages = deployed('container/Containerfile')
    .split(/^FROM /m)
    .slice(1)
  const last = stages.at(-1) ?? ''

  it('ends in a stage without compiler or package manager of Node, as nobody who is root', () => {
    expect(stages.length).toBeGreaterThan(1)
    expect(last).not.toMatch(/\b(?:npm|g\+\+|gcc|make|python3|build-essential)\b/)
    expect(Number(/^USER (\d+):\d+$/m.exec(last)?.[1])).toBeGreaterThan(0)
    // What is copied by root after USER would be; nothing of the image is to be the server's own.
    expect(last.slice(last.indexOf('\nUSER'))).not.toMatch(/^(?:COPY|RUN|ADD)/m)
  })

  it('runs no script of a package while it installs', () => {
    expect(stages[0]).toContain('--ignore-scripts')
  })
})

interface Confined {
  readonly read_only: boolean
  readonly cap_drop: readonly string[]
  readonly security_opt: readonly string[]
  readonly ports?: readonly string[]
  readonly network_mode?: string
}

describe('the compose file', () => {
  const { services } = parse(deployed('container/compose.yaml')) as {
    services: Readonly<Record<string, Confined>>
  }

  it('confines each service, and lets in nobody but by the proxy', () => {
    for (const service of Object.values(services)) {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges'],
      })
    }
    const { hindra } = services
    expect(hindra).toMatchObject({ network_mode: 'service:proxy' })
    expect(hindra).not.toHaveProperty('ports')
  })

  it.runIf(hasTool('podman-compose', 'podman-compose'))('is read by its tool', () => {
    const read = (folder: string) =>
      told(['podman-compose', '--file', join(folder, 'compose.yaml'), 'config'])
    expect(read(join(DEPLOY, 'container'))).toMatchObject({ ok: true })
    const wrong = broken('container', 'compose.yaml', 'services:', 'services: [')
    expect(read(wrong)).toMatchObject({ ok: false })
  })
})

interface Container {
  readonly name: string
  readonly image: string
  readonly securityContext: unknown
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
}
interface Pod {
  readonly securityContext: unknown
  readonly automountServiceAccountToken: boolean
  readonly initContainers?: readonly Container[]
  readonly containers: readonly Container[]
  readonly volumes: readonly { readonly name: string }[]
}
interface Made {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly template?: { readonly spec: Pod }
    readonly jobTemplate?: { readonly spec: { readonly template: { readonly spec: Pod } } }
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[]
  }
}

describe.runIf(hasTool('kustomize', 'kustomize'))('the Kustomize base', () => {
  const build = (folder: string) => told(['kustomize', 'build', folder])
  const resources = () =>
    parseAllDocuments(build(KUSTOMIZE).text).map((document) => document.toJS() as Made)
  const pods = () =>
    resources().flatMap(({ metadata: { name }, spec }) => {
      const pod = spec.template?.spec ?? spec.jobTemplate?.spec.template.spec
      const claimed = (spec.volumeClaimTemplates ?? []).map((claim) => claim.metadata.name)
      return pod === undefined ? [] : [{ name, pod, claimed }]
    })

  it('builds, and does not where a file of it is wrong or missing', () => {
    expect(
      resources()
        .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
        .toSorted(),
    ).toEqual([
      'CronJob hindra-backup',
      'CronJob hindra-restore',
      'NetworkPolicy hindra',
      'NetworkPolicy hindra-restore',
      'PersistentVolumeClaim hindra-backups',
      'Service hindra',
      'StatefulSet hindra',
    ])
    const at = (from: string, to: string) =>
      build(broken('container/kustomize', 'kustomization.yaml', from, to))
    expect(at('network.yaml', 'networks.yaml')).toMatchObject({ ok: false })
    const nowhere = broken('container/kustomize', 'server.yaml', 'env: *key', 'env: *keys')
    expect(build(nowhere)).toMatchObject({ ok: false })
  })

  it('confines every pod, gives none a token, and mounts what there is', () => {
    expect(pods()).toHaveLength(3)
    for (const { name, pod, claimed } of pods()) {
      expect(pod, name).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 10001,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      })
      const volumes = [...pod.volumes.map((volume) => volume.name), ...claimed]
      for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
        expect(container, container.name).toMatchObject({
          image: `registry.example/hindra:${version}`,
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
        })
        expect(volumes).toEqual(
          expect.arrayContaining(container.volumeMounts.map((mount) => mount.name)),
        )
      }
    }
  })
})
