import { describe, expect, it } from 'vitest'
import { FORMAT_NAMES } from '../../src/exchange/index.ts'
import { BOM, faults, md5, photoDna, sha1, sha256 } from './foreign.ts'
import { linesOf, writtenAgain } from './lines.ts'

describe('a file of which nothing is understood', () => {
  it.each(FORMAT_NAMES)('is an error as %s, whatever else it is', async (format) => {
    const strange = [
      ['an empty file', ''],
      ['an empty file with a mark', BOM],
      ['prose', 'Dear colleagues,\nplease find the list attached.\n'],
      ['a page', '<!doctype html><html><body>Sign in</body></html>'],
      ['JSON of something else', '{"posts":[{"id":1,"title":"Otters"}]}'],
      ['JSON of nothing', '{}'],
      ['a CSV of something else', 'name,age\nOtter,3\n'],
      ['a binary', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
    ] as const
    for (const [what, text] of strange) {
      await expect(linesOf(format, text), what).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    }
  })

  it.each([
    ['vics', '{"@odata.context":"x/$metadata#Media","value":[]}'],
    ['vics', '{"value":[{"CaseID":"1","Media":[]}]}'],
    ['threatexchange', '{"data":[],"paging":{}}'],
    ['csv', 'key,md5\n'],
    ['local_file', '# nothing yet\n'],
  ] as const)('is an error as %s where it is of the format and empty', async (format, text) => {
    await expect(linesOf(format, text)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('names no entry') as string,
    })
  })

  it('names the line and the field that was not understood first', async () => {
    const lines = `what ${md5('1')}\nmd5 ${md5('2').slice(1)}\n`
    await expect(linesOf('local_file', lines)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      line: 1,
      field: 'type',
    })
  })
})

describe('ThreatExchange updates', () => {
  it('are of films where their type says so', async () => {
    const data = [
      { id: 1, type: 'HASH_VIDEO_MD5', indicator: md5('1'), last_updated: 1, should_delete: false },
      { id: '2', type: 'HASH_VIDEO_SHA256', indicator: sha256('2').toUpperCase() },
      { id: '3', type: 'HASH_MD5', indicator: md5('3') },
      { id: '4', type: 'HASH_TMK', indicator: 'VE1LLg==' },
      { id: '5', type: 'HASH_VIDEO_VPDQ', indicator: JSON.stringify([`${sha256('5')},97,0.000`]) },
      { id: '6', type: 'HASH_VIDEO_MD5', should_delete: true },
    ]
    expect(await linesOf('threatexchange', BOM + JSON.stringify({ data }))).toMatchObject([
      { key: '1', kind: 'film', hashes: [{ type: 'md5', value: md5('1') }] },
      { key: '2', kind: 'film', hashes: [{ type: 'sha256' }] },
      { key: '3', hashes: [{ type: 'md5' }] },
      { key: '4', hashes: [{ type: 'tmk-pdqf', value: 'VE1LLg==' }] },
      {
        key: '5',
        kind: 'film',
        hashes: [{ type: 'pdq', value: sha256('5'), quality: 97, seconds: 0 }],
      },
      { change: 'delete', key: '6' },
    ])
  })

  it('leave as they came, and are read back as they were', async () => {
    const data = [
      { id: '1', indicator: md5('1'), type: 'HASH_VIDEO_MD5', should_delete: false },
      { id: '2', indicator: sha256('2'), type: 'HASH_VIDEO_SHA256', should_delete: false },
      { id: '3', indicator: md5('3'), type: 'HASH_MD5', should_delete: false },
      { id: '4', indicator: 'VE1LLg==', type: 'HASH_TMK', should_delete: false },
      {
        id: '5',
        indicator: JSON.stringify([`${sha256('5')},97,0.000`]),
        type: 'HASH_VIDEO_VPDQ',
        should_delete: false,
      },
    ]
    const lines = await linesOf('threatexchange', JSON.stringify({ data }))
    const text = await writtenAgain('threatexchange', lines)
    expect((JSON.parse(text) as { data: object[] }).data).toEqual(data)
    expect(await linesOf('threatexchange', text)).toEqual(lines)
  })

  it('are refused with the field where they are of another type', async () => {
    const frame = `${sha256('1')},97,0.000`
    const data = [
      { id: '1', type: 'HASH_MD5', indicator: md5('1') },
      { type: 'HASH_MD5', indicator: md5('2') },
      { id: '3', type: 'HASH_SSDEEP', indicator: '3:x:y' },
      { id: '4', type: 'HASH_VIDEO_MD5', indicator: md5('4').slice(1) },
      { id: '5', type: 'HASH_PDQ', indicator: { hash: md5('5') } },
      { id: '6', type: 'HASH_VIDEO_VPDQ', indicator: 'no JSON' },
      { id: '7', type: 'HASH_VIDEO_VPDQ', indicator: '[]' },
      { id: '8', type: 'HASH_VIDEO_VPDQ', indicator: JSON.stringify([frame, `${frame},9`]) },
      { id: '9', type: 'HASH_VIDEO_VPDQ', indicator: JSON.stringify([frame.replace('97', '-1')]) },
    ]
    expect(faults(await linesOf('threatexchange', JSON.stringify({ data })))).toEqual([
      [2, 'id'],
      [3, 'type'],
      [4, 'indicator'],
      [5, 'indicator'],
      [6, 'indicator'],
      [7, 'indicator'],
      [8, 'indicator'],
      [9, 'quality'],
    ])
  })
})

describe('ICSE’s CSV', () => {
  const head =
    'MD5;SHA1;PhotoDNA;Image ID;Is distributed;Victim identified;Offender identified;Series name;Number of submissions;File Available;Media Type;Baseline'
  const row = (id: string, ...rest: readonly string[]) =>
    [md5(id).toUpperCase(), sha1(id).toUpperCase(), photoDna(id), id, ...rest].join(';')

  it('is read in its twelve columns, with a mark and CRLF', async () => {
    const text = [
      head,
      row('11', 'Y', 'N', 'N', '"Otters; part 2"', '12', 'Yes', 'Image', 'Y'),
      row('12', '', 'TRUE', '', '', '', '', 'Video', 'N'),
      row('13', 'n', 'f', 'no', '', '', 'false', '', ''),
      '',
    ].join('\r\n')
    const deltas = await linesOf('icse', BOM + text)
    expect(deltas).toMatchObject([
      {
        line: 2,
        key: '11',
        kind: 'image',
        sourceClass: 'Yes',
        hashes: [
          { type: 'md5', value: md5('11').toUpperCase() },
          { type: 'sha1' },
          { type: 'photodna', value: photoDna('11') },
        ],
        description: {
          victimIdentified: false,
          note: 'ICSE distributed Yes; offender identified No; submissions 12; file available Yes; series Otters; part 2',
        },
      },
      { key: '12', kind: 'film', sourceClass: 'No', description: { victimIdentified: true } },
      { key: '13', description: { victimIdentified: false } },
    ])
    expect(deltas[2]).not.toHaveProperty('sourceClass')
    expect(deltas[2]).not.toHaveProperty('kind')
  })

  it('leaves as it came, and is read back as it was', async () => {
    const text = [
      head,
      row('11', 'Yes', 'No', 'No', '"Otters; ""part"" 2"', '12', 'Yes', 'Image', 'Yes'),
      row('12', '', 'Yes', '', '', '', '', 'Video', 'No'),
      row('13', '', '', '', 'Otters', '', '', '', 'No'),
      '',
    ].join('\r\n')
    const lines = await linesOf('icse', text)
    const again = await writtenAgain('icse', lines, { Yes: 'Baseline', No: 'National' })
    expect(again.toUpperCase()).toBe(text.toUpperCase())
    expect(await linesOf('icse', again)).toEqual(lines)
    await expect(writtenAgain('icse', lines, { A: 'Baseline', B: 'National' })).rejects.toThrow(
      /Yes or No/,
    )
  })

  it('has its columns in any order, and others beside them', async () => {
    const columns = [...head.split(';').reverse(), 'Country', '']
    const cells = [...row('1', 'Y', 'Y', 'N', '', '1', 'Y', 'Image', 'Y').split(';').reverse()]
    const text = `${columns.join(';')}\n${[...cells, 'SE', ''].join(';')}\n`
    expect(await linesOf('icse', text)).toMatchObject([{ key: '1', sourceClass: 'Yes' }])
  })

  it('is refused where a column is missing, and line by line where a cell is wrong', async () => {
    await expect(linesOf('icse', `${head.replace(';Baseline', '')}\n`)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('baseline') as string,
      line: 1,
    })
    const text = [
      head,
      row('1', '', '', '', '', '', '', '', 'maybe'),
      row('2', '', 'perhaps', '', '', '', '', '', 'Y'),
      row('3', '', '', '', '', 'many', '', '', 'Y'),
      `xyz;;;4;;;;;;;;Y`,
      row('5', '', '', '', '', '', '', '', 'Y'),
      `${row('6', '', '', '', '', '', '', '', 'Y')};and more`,
    ].join('\n')
    expect(faults(await linesOf('icse', text))).toEqual([
      [2, 'baseline'],
      [3, 'victim identified'],
      [4, 'number of submissions'],
      [5, 'MD5'],
      [7, 'row'],
    ])
  })
})

describe('CSV and lines', () => {
  it('name the column of a hash that is none', async () => {
    const text = `key,md5,pdq,pdq_quality\na,${md5('a')},,\nb,${md5('b').slice(1)},,\nc,,${sha256('c')},101\n`
    expect(faults(await linesOf('csv', text))).toEqual([
      [3, 'md5'],
      [4, 'pdq_quality'],
    ])
    const lines = `md5 ${md5('a').toUpperCase()}\r\nmd5 zz\r\npdq\r\n`
    expect(faults(await linesOf('local_file', BOM + lines))).toEqual([
      [2, 'hash'],
      [3, 'row'],
    ])
  })
})
