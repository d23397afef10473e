import { describe, expect, it } from 'vitest'
import { type Delta, readList } from '../../src/exchange/index.ts'
import { BOM, faults, md5, photoDna, sha1, sha256 } from './foreign.ts'
import { heapBytes } from './heap.ts'
import { linesOf, writtenAgain } from './lines.ts'

/** Whatever the order of its hashes, and the case of their digits. */
function sortedHashes(deltas: readonly Delta[]) {
  return deltas.map((delta) => {
    if (delta.change !== 'put') return delta
    const hashes = delta.hashes.map(({ type, value }) =>
      type === 'photodna' ? value : value.toLowerCase(),
    )
    return { ...delta, hashes: hashes.sort() }
  })
}

describe('Project VIC files', () => {
  const context =
    'http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/Default/$metadata#Media'
  const media = (id: number, more: object = {}) => ({
    MediaID: id,
    Category: 1,
    MD5: md5(`${id}`).toUpperCase(),
    SHA1: sha1(`${id}`).toUpperCase(),
    MediaSize: 2_835,
    DateUpdated: '2026-06-07T02:31:49.8300Z',
    ...more,
  })
  const alternative = (name: string, value: string) => ({
    HashName: name,
    HashValue: value.toUpperCase(),
  })
  const hashes = (id: number) => [
    { type: 'sha1', value: sha1(`${id}`).toUpperCase() },
    { type: 'md5', value: md5(`${id}`).toUpperCase() },
  ]

  it('are read as the hash sets that VICS 2.0 portals give out: flat, with a mark and CRLF', async () => {
    const set = { '@odata.context': context, value: [media(1), media(2, { Category: 2 })] }
    const text = JSON.stringify(set, null, 2).replaceAll('\n', '\r\n')
    expect(await linesOf('vics', BOM + text)).toMatchObject([
      { change: 'put', line: 1, key: '1', sourceClass: '1', hashes: hashes(1) },
      { change: 'put', line: 2, key: '2', sourceClass: '2', hashes: hashes(2) },
    ])
  })

  it('are read as NSRL gives them out in the model of CAID 1.2', async () => {
    const path = 'otter/holiday'
    const value = [1, 2].map((id) => ({
      'odata.id': `Media("${md5(`${id}`)}")`,
      'MediaFiles@odata.navigationLinkUrl': `/Media(${md5(`${id}`)})/MediaFiles`,
      MediaFiles: [{ MD5: md5(`${id}`), FileName: 'otter.png', FilePath: path }],
      ...media(id, { Category: 8, MediaSize: '488' }),
    }))
    const set = {
      'odata.metadata': 'http://github.com/ICMEC/ProjectVic/DataModels/1.2.xml#Media',
      value,
    }
    const deltas = await linesOf('vics', JSON.stringify(set))
    expect(deltas).toMatchObject([1, 2].map((id) => ({ key: `${id}`, hashes: hashes(id) })))
    expect(JSON.stringify(deltas)).not.toContain(path)
  })

  it('are read as forensic tools write cases, whichever model they name', async () => {
    const cases = {
      '@odata.context': context,
      value: [
        { CaseID: 'a', CaseNumber: '1', Media: [media(1), media(2)], TotalMediaFiles: '99' },
        { Media: [media(3)], CaseID: 'b' },
        { CaseID: 'c', Media: [] },
      ],
    }
    const deltas = await linesOf('vics', JSON.stringify(cases))
    expect(deltas.map(({ line }) => line)).toEqual([1, 2, 3])
    expect(deltas).toMatchObject([1, 2, 3].map((id) => ({ key: `${id}`, hashes: hashes(id) })))
  })

  it('have hashes among the alternatives, which repeat and have names of several spellings', async () => {
    const alternatives = [
      { HashName: 'SHA1', HashValue: sha1('1'), MD5: md5('1') },
      { HashName: 'SHA-256', HashValue: sha256('1').toUpperCase() },
      { HashName: 'PhotoDNA', HashValue: photoDna('1') },
      { HashName: 'pdq', HashValue: sha256('pdq') },
      { HashName: 'FuzzyOtter', HashValue: 'x' },
      { HashName: 'MD5', HashValue: null },
    ]
    const value = [media(1, { AlternativeHashes: alternatives })]
    const [delta] = await linesOf('vics', JSON.stringify({ value }))
    expect(delta?.change === 'put' && delta.hashes.map(({ type }) => type).sort()).toEqual([
      ...['md5', 'pdq', 'photodna', 'sha1', 'sha256'],
    ])
  })

  it('leave as a hash set again, and are read back as they were', async () => {
    const value = [
      media(1, { VictimIdentified: true, SelfGenerated: 'False', Series: 'otters; 2' }),
      media(2, { Category: '2', PhotoDNA: photoDna('2'), Tags: ['a'] }),
      { MediaID: 'x-3', Category: 2, AlternativeHashes: [alternative('SHA256', sha256('3'))] },
      media(4, { AlternativeHashes: [alternative('PDQ', sha256('4'))] }),
    ]
    const lines = await linesOf('vics', JSON.stringify({ value }))
    const text = await writtenAgain('vics', lines, { 1: 'Baseline', 2: 'National' })
    const set = JSON.parse(text) as { '@odata.context': string; value: object[] }
    expect(set['@odata.context']).toBe(context)
    expect(set.value[2]).toEqual(value[2])
    expect(sortedHashes(await linesOf('vics', BOM + text))).toEqual(sortedHashes(lines))
  })

  it('may lack any field but a hash', async () => {
    const value = [
      { MD5: md5('1') },
      { SHA1: sha1('2'), MD5: '', PhotoDNA: null, Category: null, Tags: [], Series: '' },
      { AlternativeHashes: [{ HashName: 'SHA256', HashValue: sha256('3') }] },
    ]
    const deltas = await linesOf('vics', JSON.stringify({ value }))
    expect(deltas).toMatchObject([
      { hashes: [{ type: 'md5' }], description: { note: null } },
      { hashes: [{ type: 'sha1' }], description: { note: null } },
      { hashes: [{ type: 'sha256' }] },
    ])
  })

  it('are refused line by line where a field is of another type, and the field is named', async () => {
    const value = [
      media(1),
      media(2, { MD5: 12_345 }),
      media(3, { MD5: md5('3').slice(1) }),
      media(4, { MediaID: { $oid: 4 } }),
      media(5, { Category: [1] }),
      media(6, { AlternativeHashes: 'SHA256' }),
      media(7, { AlternativeHashes: [{ HashName: 'SHA256', HashValue: 'zz' }] }),
      media(8, { AlternativeHashes: ['x'] }),
      media(9, { VictimIdentified: ['yes'] }),
      'otter',
      media(11, { VictimIdentified: 'unknown', Tags: ['a', 'b'] }),
    ]
    const deltas = await linesOf('vics', JSON.stringify({ value }))
    expect(faults(deltas)).toEqual([
      [2, 'MD5'],
      [3, 'MD5'],
      [4, 'MediaID'],
      [5, 'Category'],
      [6, 'AlternativeHashes'],
      [7, 'AlternativeHashes.0.HashValue'],
      [8, 'AlternativeHashes.0'],
      [9, 'VictimIdentified'],
      [10, 'row'],
    ])
    expect(deltas.at(-1)).toMatchObject({
      line: 11,
      description: { victimIdentified: null, note: 'tags a, b' },
    })
  })

  it.each([
    ['flat', '{"value":[', ']}'],
    ['in one case', '{"value":[{"CaseID":"1","Media":[', ']}]}'],
  ])('are streamed, however much there is of them, %s', async (_, head, tail) => {
    const comments = 'an otter at a river. '.repeat(50)
    async function* text() {
      yield Buffer.from(head)
      for (let id = 1; id <= 24_000; id += 1) {
        if (id % 100 === 0) await Promise.resolve()
        const object = JSON.stringify(media(id, { Comments: comments }))
        yield Buffer.from(id === 1 ? object : `,${object}`)
      }
      yield Buffer.from(tail)
    }
    const heaps: number[] = []
    let lines = 0
    for await (const { change } of readList('vics', text())) {
      expect(change).toBe('put')
      lines += 1
      if (lines % 8_000 === 0) heaps.push(heapBytes())
    }
    expect(lines).toBe(24_000)
    // 16,000 media in between, of over 1,000 characters each.
    expect((heaps[2] ?? Infinity) - (heaps[0] ?? 0)).toBeLessThan(8_000_000)
  })
})
