import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { NO_POSTGRES, postgresPrograms, PostgresServer } from '../../fixtures/servers/postgres.ts'
import { packageFile } from '../../src/core/index.ts'
import { createHome, type Home } from '../cli/hindra.ts'
import { broken, DEPLOY, deployed, hasTool, told } from './tools.ts'

const { version, peerDependencies } = JSON.parse(
  readFileSync(packageFile('package.json'), 'utf8'),
) as { version: string; peerDependencies: Readonly<Record<string, string>> }

if (postgresPrograms === undefined) console.warn(NO_POSTGRES)

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

  it('has what PostgreSQL and NATS need, of which nothing can be added while it runs', () => {
    const needed = Object.entries(peerDependencies)
      .filter(([name]) => name === 'pg' || name.startsWith('@nats-io/'))
      .map(([name, range]) => `${name}@${/\d+/.exec(range)?.[0] ?? ''}`)
    expect(needed).toHaveLength(3)
    for (const part of needed) expect(stages[0]).toContain(` ${part}`)
  })
})

interface Confined {
  readonly read_only: boolean
  readonly cap_drop: readonly string[]
  readonly security_opt: readonly string[]
  readonly mem_limit?: string
  readonly memswap_limit?: string
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
    // Else as much again may be swapped.
    const limits = Object.values(services).map((service) => service.mem_limit)
    expect(limits).not.toContain(undefined)
    expect(Object.values(services).map((service) => service.memswap_limit)).toEqual(limits)
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

interface Variable {
  readonly name: string
  readonly value?: string
  readonly valueFrom?: unknown
}
interface Container {
  readonly name: string
  readonly image: string
  readonly command?: readonly string[]
  readonly env?: readonly Variable[]
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
    readonly replicas?: number
    readonly template?: { readonly spec: Pod }
    readonly jobTemplate?: { readonly spec: { readonly template: { readonly spec: Pod } } }
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[]
  }
}

const OF_THE_BASE = [
  'CronJob hindra-backup',
  'CronJob hindra-restore',
  'NetworkPolicy hindra',
  'NetworkPolicy hindra-restore',
  'PersistentVolumeClaim hindra-backups',
  'Service hindra',
  'StatefulSet hindra',
]

describe.runIf(hasTool('kustomize', 'kustomize'))('what Kustomize builds', () => {
  const build = (folder: string) => told(['kustomize', 'build', folder])
  const resources = (name: string) =>
    parseAllDocuments(build(join(DEPLOY, 'container', name)).text).map(
      (document) => document.toJS() as Made,
    )
  const pods = (folder: string) =>
    resources(folder).flatMap(({ metadata: { name }, spec }) => {
      const pod = spec.template?.spec ?? spec.jobTemplate?.spec.template.spec
      const claimed = (spec.volumeClaimTemplates ?? []).map((claim) => claim.metadata.name)
      return pod === undefined ? [] : [{ name, pod, claimed }]
    })
  const server = (folder: string) => {
    const found = resources(folder).find(({ kind }) => kind === 'StatefulSet')
    const { initContainers = [], containers = [] } = found?.spec.template?.spec ?? {}
    return { replicas: found?.spec.replicas, containers: [...initContainers, ...containers] }
  }

  it('is all of it, and nothing where a file is wrong or missing', () => {
    const made = (folder: string) =>
      resources(folder)
        .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
        .toSorted()
    expect(made('kustomize')).toEqual(OF_THE_BASE)
    const disruption = 'PodDisruptionBudget hindra'
    expect(made('kustomize-many')).toEqual([...OF_THE_BASE, disruption].toSorted())
    const at = (from: string, to: string) =>
      build(broken('container/kustomize', 'kustomization.yaml', from, to))
    expect(at('network.yaml', 'networks.yaml')).toMatchObject({ ok: false })
    const nowhere = broken('container/kustomize', 'server.yaml', 'env: *key', 'env: *keys')
    expect(build(nowhere)).toMatchObject({ ok: false })
    const other = broken('container', 'kustomize-many/servers.yaml', 'name: hindra }', 'name: h }')
    expect(build(join(other, 'kustomize-many'))).toMatchObject({ ok: false })
  })

  it.each(['kustomize', 'kustomize-many'])(
    'confines every pod of %s, gives none a token, and mounts what there is',
    (folder) => {
      expect(pods(folder)).toHaveLength(3)
      for (const { name, pod, claimed } of pods(folder)) {
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
    },
  )

  it('has one server, or several that share a database and a data key and nothing else', () => {
    expect(server('kustomize').replicas).toBe(1)
    const { replicas, containers } = server('kustomize-many')
    expect(replicas).toBeGreaterThan(1)
    expect(containers.map(({ name }) => name)).toEqual(['init', 'hindra'])
    const key = { name: 'HINDRA_DATA_KEY_FILE', value: '/run/hindra/data.key' }
    const database = { secretKeyRef: { name: 'hindra-store', key: 'url' } }
    for (const { env } of containers) {
      expect(env).toEqual(
        expect.arrayContaining([key, { name: 'HINDRA_STORE', valueFrom: database }]),
      )
    }
    for (const { name, pod } of pods('kustomize-many')) {
      const named = pod.containers.flatMap(({ env = [] }) => env.map((variable) => variable.name))
      expect(named.includes('HINDRA_STORE'), name).toBe(name === 'hindra')
    }
  })
})

describe('the first start of a pod', () => {
  const [, init = ''] = /command: \["sh", "-c", "(.*hindra init .*)"\]/.exec(
    deployed('container/kustomize/server.yaml'),
  ) ?? ['', '']
  let home: Home
  beforeEach(() => {
    home = createHome()
    return () => home.dispose()
  })

  function started(
    pod: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<number | null> {
    const hindra = `hindra() { ${process.execPath} ${packageFile('bin/hindra.js')} "$@"; }`
    const key = join(home.directory, 'data.key')
    writeFileSync(key, Buffer.alloc(32, 7).toString('base64'))
    const child = spawn('sh', ['-c', `${hindra}; ${init}`], {
      stdio: 'ignore',
      env: {
        PATH: process.env['PATH'],
        HINDRA_DATA: join(home.directory, pod),
        HINDRA_DATA_KEY_FILE: key,
        ...env,
      },
    })
    return once(child, 'close').then(([code]) => code as number | null)
  }

  it('makes a store where there is none, and is content where there is one', async () => {
    expect(await started('a')).toBe(0)
    expect(await started('a')).toBe(0)
  })

  it.skipIf(postgresPrograms === undefined)(
    'makes one in PostgreSQL, whoever is first, and fails while that is away',
    async () => {
      const postgres = await PostgresServer.start()
      onTestFinished(() => postgres.end())
      const there = { HINDRA_STORE: postgres.url('house') }
      expect(await Promise.all([started('a', there), started('b', there)])).toEqual([0, 0])
      expect(await Promise.all([started('a', there), started('c', there)])).toEqual([0, 0])
      await postgres.stop()
      expect(await started('a', there)).toBe(1)
    },
  )
})
