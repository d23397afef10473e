import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { NO_URL } from '../../src/core/index.ts'
import { binaryOf, END, headerOf, memberOf, MIB, paxOf, readPieces, readTar, said } from './tar.ts'

const run = promisify(execFile)

let directory: string
let jpeg: Buffer
let other: Buffer
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'hindra-tar-'))
  jpeg = await sceneJpeg(1, { width: 160, height: 120 })
  other = await sceneJpeg(2, { width: 160, height: 120 })
})
afterAll(() => {
  rmSync(directory, { recursive: true })
})

const jsonOf = (url: string) => JSON.stringify({ url, caption: 'a', width: 160 })
const urlOf = (name: string) => `https://host.example/${name}`

/** A directory of samples: a usual one, and such as have no place in a header of their own. */
function samplesIn(name: string): readonly string[] {
  const long = 'l'.repeat(180)
  const names = ['000000001', 'ångström', long, `${'deep/'.repeat(40)}000000002`]
  for (const [at, sample] of names.entries()) {
    const path = join(directory, name, sample)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(`${path}.jpg`, at % 2 === 0 ? jpeg : other)
    writeFileSync(`${path}.json`, jsonOf(urlOf(String(at))))
    writeFileSync(`${path}.txt`, 'what it shows')
  }
  return names
}

describe('a tar by others', () => {
  it.each(['ustar', 'pax', 'gnu', 'oldgnu'])('by GNU tar, as %s, is read whole', async (format) => {
    const names = samplesIn(format).filter((name) => format !== 'ustar' || name.length < 100)
    const tar = join(directory, `${format}.tar`)
    const files = names.flatMap((name) => ['jpg', 'json', 'txt'].map((end) => `${name}.${end}`))
    await run('tar', ['-cf', tar, `--format=${format}`, '-C', join(directory, format), ...files])
    const { lines, counts } = await readTar(readFileSync(tar))
    expect(lines.map(({ entry }) => entry)).toEqual(names.map((name) => `${name}.jpg`))
    expect(lines.map(({ url }) => url)).toEqual(names.map((_name, at) => urlOf(String(at))))
    const shown = lines.map(({ media = '' }) => Buffer.from(media, 'base64'))
    expect(shown).toEqual(names.map((_name, at) => (at % 2 === 0 ? jpeg : other)))
    expect(counts).toMatchObject({ records: { sample: names.length }, faults: {} })
  })

  it.each(['USTAR_FORMAT', 'PAX_FORMAT', 'GNU_FORMAT'])(
    "by Python's tarfile, as webdataset writes it in %s, is read whole",
    async (format) => {
      const tar = join(directory, `${format}.tar`)
      writeFileSync(join(directory, 'picture.jpg'), jpeg)
      const script = `
import io, json, sys, tarfile
jpeg = open(sys.argv[2], 'rb').read()
with open(sys.argv[1], 'wb') as file, tarfile.open(fileobj=file, mode='w|', format=tarfile.${format}) as tar:
    for at in range(3):
        key = ('n' * 150 if at == 2 and '${format}' != 'USTAR_FORMAT' else '') + '%09d' % at
        for end, data in (('jpg', jpeg), ('json', json.dumps({'key': key, 'url': 'https://host.example/%d' % at}).encode()), ('txt', b'caption')):
            member = tarfile.TarInfo(key + '.' + end)
            member.size, member.mtime, member.uname = len(data), 1760000000.5, 'bigdata'
            tar.addfile(member, io.BytesIO(data))
`
      await run('python3', ['-c', script, tar, join(directory, 'picture.jpg')])
      const { lines } = await readTar(readFileSync(tar))
      expect(lines.map(({ url }) => url)).toEqual(['0', '1', '2'].map(urlOf))
      expect(lines.every(({ media = '' }) => Buffer.from(media, 'base64').equals(jpeg))).toBe(true)
    },
  )

  it('tells sparse files and links from what holds its own bytes', async () => {
    const from = join(directory, 'special')
    mkdirSync(from)
    writeFileSync(join(from, '1.jpg'), jpeg)
    await run('ln', ['1.jpg', '2.jpg'], { cwd: from })
    await run('ln', ['-s', '1.jpg', '3.jpg'], { cwd: from })
    await run('truncate', ['-s', '200K', '4.jpg'], { cwd: from })
    await run(
      'bash',
      [
        '-c',
        'for at in 9 19 29 39 49 59 69; do printf x | dd of=4.jpg bs=1K seek=$at conv=notrunc status=none; done',
      ],
      { cwd: from },
    )
    await run('mkfifo', ['5.jpg'], { cwd: from })
    writeFileSync(join(from, '6.jpg'), other)
    for (const format of ['gnu', 'pax']) {
      const tar = join(directory, `special-${format}.tar`)
      const files = ['1', '2', '3', '4', '5', '6'].map((name) => `${name}.jpg`)
      await run('tar', ['-cSf', tar, `--format=${format}`, ...files], { cwd: from })
      const { lines } = await readTar(readFileSync(tar))
      const [, , , sparse = ''] = said(lines)
      expect(sparse).toMatch(/4\.jpg: sparse$/)
      expect(said(lines).toSpliced(3, 1)).toEqual(['1.jpg', '2.jpg: link', '3.jpg: link', '6.jpg'])
    }
  })
})

describe('a sample', () => {
  it('is submitted at its URL with its name, and without one nothing of it but its bytes', async () => {
    const tar = Buffer.concat([
      memberOf('1.jpg', jpeg),
      memberOf('1.json', jsonOf(urlOf('1'))),
      memberOf('2.jpg', jpeg),
      memberOf('2.json', '{"url": "s3://bucket/2.jpg", "original_url": null}'),
      memberOf('3.json', JSON.stringify({ original_url: urlOf('3') })),
      memberOf('3.jpg', other),
      END,
    ])
    const { lines, counts } = await readTar(tar)
    expect(lines.map((line) => ({ ...line, media: undefined }))).toEqual([
      {
        entry: '1.jpg',
        url: urlOf('1'),
        reference: 's.tar/1.jpg',
        idempotencyKey: expect.stringMatching(/^[\w-]{43}$/) as string,
      },
      { entry: '2.jpg', url: NO_URL },
      expect.objectContaining({ entry: '3.jpg', url: urlOf('3') }),
    ])
    expect(counts).toMatchObject({ outcomes: { media: 3 } })
    const without = await readTar(tar, { isForReport: false })
    expect(said(without.lines)).toEqual(['1.jpg', '3.jpg'])
    expect(without.counts?.outcomes).toEqual({ media: 2, elsewhere: 1 })
    expect((await readTar(tar)).lines).toEqual(lines)
  })

  it('whose JSON stands beside several pictures says of none where it was seen', async () => {
    const tar = Buffer.concat([
      memberOf('1.input.jpg', jpeg),
      memberOf('1.json', jsonOf(urlOf('1'))),
      memberOf('1.output.jpg', other),
      END,
    ])
    const { lines } = await readTar(tar)
    expect(lines.map(({ entry, url }) => [entry, url])).toEqual([
      ['1.input.jpg', NO_URL],
      ['1.output.jpg', NO_URL],
    ])
  })

  it('has what is wrong with its files told by their names, and the rest is read', async () => {
    const tar = Buffer.concat([
      memberOf('1.jpg', '<html>not found</html>'),
      memberOf('2.png', ''),
      memberOf('3.jpg', Buffer.concat([jpeg, Buffer.alloc(5 * MIB)])),
      memberOf('4.jpg', jpeg),
      memberOf('4.json', '{"url":'),
      memberOf('5.jpg', jpeg),
      memberOf('5.json', '['.repeat(MIB)),
      memberOf('6.jpg', jpeg),
      memberOf('6.json', JSON.stringify({ url: urlOf('6'), more: 'x'.repeat(MIB) })),
      memberOf('7.txt', 'no picture'),
      memberOf('8.jpg', other),
      END,
    ])
    const { lines, counts } = await readTar(tar)
    expect(said(lines)).toEqual([
      '1.jpg: no-media',
      '2.png: no-media',
      '3.jpg: too-large',
      '4.jpg',
      '4.json: no-json',
      '5.jpg',
      '5.json: no-json',
      '6.jpg',
      '6.json: no-json',
      '8.jpg',
    ])
    expect(counts?.outcomes).toMatchObject({ neither: 4, media: 4 })
  })

  it('of more files than any has is bounded', async () => {
    const tiny = Buffer.concat([Buffer.from('ffd8ff', 'hex'), Buffer.alloc(20)])
    const many = Array.from({ length: 3_000 }, (_, at) => memberOf(`1.${String(at)}.jpg`, tiny))
    const { lines } = await readTar(Buffer.concat([...many, memberOf('2.jpg', jpeg), END]))
    expect(lines).toHaveLength(1_026)
    expect(said(lines).slice(-2)).toEqual(['1.1024.jpg: crowded', '2.jpg'])
  })
})

describe('a shard', () => {
  const whole = () =>
    Buffer.concat(
      ['1', '2', '3', '4'].flatMap((name, at) => [
        memberOf(`${name}.jpg`, at % 2 === 0 ? jpeg : other),
        memberOf(`${name}.side.jpg`, at % 2 === 0 ? other : jpeg),
        memberOf(`${name}.json`, jsonOf(urlOf(name))),
      ]),
    )

  it('is read the same in whatever pieces it comes', async () => {
    const tar = Buffer.concat([paxOf('path=a.b/0.jpg'), memberOf('x', jpeg), whole(), END])
    const once = await readTar(tar)
    expect(once.lines).toHaveLength(9)
    for (const piece of [1, 511, 512, 513, 4_099]) {
      expect(await readTar(tar, { piece })).toEqual(once)
    }
  })

  it('goes on at any place that it gave', async () => {
    const tar = Buffer.concat([whole(), END])
    const { places, lines } = await readTar(tar)
    const rests = await Promise.all(places.map((from) => readTar(tar, { from })))
    expect(rests.map((rest) => said(rest.lines))).toEqual(
      places.map((_place, at) => said(lines).slice(at + 1)),
    )
  })

  it('behind another is read, too', async () => {
    const one = Buffer.concat([memberOf('1.jpg', jpeg), END])
    const { lines } = await readTar(Buffer.concat([one, Buffer.alloc(20 * 512), one, END]))
    expect(said(lines)).toEqual(['1.jpg', '1.jpg'])
  })

  it('that is cut off anywhere tells it, with what is whole before', async () => {
    const tar = Buffer.concat([whole(), END])
    for (const cut of [0, 5, 511, 512, 900, tar.length - 1_025, tar.length - 1_024]) {
      const { lines, places } = await readTar(tar.subarray(0, cut))
      expect(lines.at(-1)?.fault).toBe('truncated')
      // What is the last may have more files yet: it is read again.
      expect(places.length).toBe(cut > 1_200 ? 6 : 0)
    }
    expect((await readTar(tar.subarray(0, -512))).lines.at(-1)?.fault).toBeUndefined()
  })

  const hostile: readonly (readonly [string, () => readonly Buffer[], fault: string])[] = [
    ['is none', () => [Buffer.from('something else altogether'.repeat(50))], 'no-tar'],
    ['goes on with what is none', () => [END, Buffer.alloc(1024, 'x')], 'damaged'],
    ['says a negative size', () => [headerOf('a.jpg', binaryOf(0xff, -5n))], 'damaged'],
    ['says more than any number', () => [headerOf('a.jpg', binaryOf(0x80, -1n))], 'damaged'],
    [
      'says a size that is none',
      () => [headerOf('a.jpg', Buffer.from('zzzzzzzzzzz\0'))],
      'damaged',
    ],
    ['says more than there is', () => [headerOf('a.jpg', 2 ** 33 - 1), jpeg], 'truncated'],
    ['says the end of the world', () => [headerOf('a', binaryOf(0x80, 2n ** 52n))], 'truncated'],
    ['has an endless name', () => [headerOf('././@LongLink', 2 ** 32, 'L')], 'head-too-long'],
    ['has an endless pax header', () => [headerOf('x', 65_537, 'x')], 'head-too-long'],
    ['has a pax size that is none', () => [paxOf('size=-5'), memberOf('a', jpeg)], 'damaged'],
    ['has a pax size that lies', () => [paxOf('size=99999999'), memberOf('a', jpeg)], 'truncated'],
    ['has a pax record too long', () => [memberOf('x', '99 a=b\n', { type: 'x' })], 'damaged'],
    ['has a pax record of no length', () => [memberOf('x', '0 a=b\n', { type: 'x' })], 'damaged'],
    ['has pax records of blanks', () => [memberOf('x', ' '.repeat(9), { type: 'x' })], 'damaged'],
    ['has a directory with bytes', () => [memberOf('d/', 'hello', { type: '5' })], 'damaged'],
    ['has a device with bytes', () => [memberOf('sda', 'hello', { type: '4' })], 'damaged'],
  ]

  it.each(hostile)('that %s ends there', async (_name, members, fault) => {
    const first = fault === 'no-tar' ? [] : [memberOf('0.jpg', jpeg)]
    const smuggled = memberOf('9.jpg', other)
    const { lines } = await readTar(Buffer.concat([...first, ...members(), smuggled, END]))
    const faults = lines.map((line) => line.fault ?? line.entry)
    expect(faults).toEqual([...first.map(() => '0.jpg'), fault])
  })

  it('of a sparse map without end is cut off', async () => {
    const header = headerOf('s.jpg', 512, 'S')
    header[482] = 1
    header.write(' '.repeat(8), 148)
    const sum = header.reduce((all, byte) => all + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    const map = Array<Buffer>(40).fill(Buffer.alloc(512, 1))
    const { lines } = await readTar(Buffer.concat([memberOf('0.jpg', jpeg), header, ...map]))
    expect(said(lines)).toEqual(['0.jpg', '0.jpg: truncated'])
  })

  it('of names that lead elsewhere is but a list of names', async () => {
    const names = ['../../etc/passwd.jpg', '/etc/shadow.jpg', '\u001b[2J.jpg', '.jpg', 'a\nb.jpg']
    const tar = Buffer.concat([...names.map((name) => memberOf(name, jpeg)), END])
    expect(said((await readTar(tar)).lines)).toEqual(names)
  })

  it('holds little of 2 GiB that nobody wants, and of headers without end', async () => {
    const chunk = Buffer.alloc(MIB)
    const pax = paxOf(`comment=${'x'.repeat(60_000)}`)
    async function* huge() {
      yield headerOf('big.bin', 2 ** 31)
      for (let left = 2 ** 31; left > 0; left -= MIB) yield await Promise.resolve(chunk)
      for (let left = 5_000; left > 0; left -= 1) yield pax
      yield memberOf('1.jpg', jpeg)
      yield END
    }
    const before = process.memoryUsage.rss()
    const { lines } = await readPieces(huge())
    expect(said(lines)).toEqual(['1.jpg'])
    expect(process.memoryUsage.rss() - before).toBeLessThan(128 * MIB)
  })

  it('that was changed anywhere never ends badly, and shows nothing that is not in it', async () => {
    const tar = Buffer.concat([whole(), END])
    const change = fc.record({ at: fc.nat(tar.length - 1), byte: fc.nat(255), cut: fc.boolean() })
    const inHeader = change.map(({ at, ...rest }) => ({
      ...rest,
      at: at - (at % 512) + (at % 170),
    }))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(change, inHeader), { minLength: 1, maxLength: 4 }),
        async (changes) => {
          let file = Buffer.from(tar)
          for (const { at, byte, cut } of changes) {
            if (cut) file = file.subarray(0, at)
            else if (at < file.length) file[at] = byte
          }
          const { lines } = await readTar(file)
          for (const { media } of lines) {
            if (media !== undefined) expect(file.includes(Buffer.from(media, 'base64'))).toBe(true)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})
