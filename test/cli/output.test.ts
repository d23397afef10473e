import { describe, expect, it } from 'vitest'
import { exitCodeOf, inputForPeople } from '../../src/cli/batch.ts'
import { fields, printable, table } from '../../src/cli/output.ts'

describe('what others wrote', () => {
  it('cannot move the cursor, colour the terminal or turn the text round', () => {
    const hostile = 'a\u001b[2Jb\u0007c\u202ed\u200be\u009bf\ng'
    expect(printable(hostile)).toBe('a�[2Jb�c�d�e�f�g')
    expect(table(['n'], [[hostile]]).split('\n')[1]).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect(fields({ name: hostile })).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  it('cannot be clicked by accident when it is a URL', () => {
    expect(inputForPeople('https://host.example/a.jpg')).toBe('hxxps://host[.]example/a.jpg')
    expect(inputForPeople('pictures/a.jpg')).toBe('pictures/a.jpg')
  })
})

describe('table', () => {
  it('aligns columns, shows what is absent as -, and says when there is nothing', () => {
    const text = table(
      ['id', 'n'],
      [
        ['long name', 1],
        ['x', null],
      ],
    )
    expect(text).toBe('id         n\nlong name  1\nx          -')
    expect(table(['id'], [])).toBe('nothing')
  })

  it('gives each letter the columns that a terminal does', () => {
    const names = ['plain', 'Å', 'e\u0301', '日本', 'ｶﾅ', '한글', '❤\ufe0f', '😀']
    const text = table(
      ['name', 'n'],
      names.map((name) => [name, 1]),
    )
    const gaps = text.split('\n').map((line) => / +/.exec(line)?.[0].length)
    expect(gaps).toEqual([3, 2, 6, 6, 3, 5, 3, 5, 5])
  })
})

describe('exit code of a batch', () => {
  it('is that of its failures where they agree', () => {
    expect(exitCodeOf([])).toBe(0)
    expect(exitCodeOf(['SAME_PERSON', 'SAME_PERSON'])).toBe(3)
    expect(exitCodeOf(['MEDIA_EMPTY', 'MEDIA_CORRUPT'])).toBe(7)
    expect(exitCodeOf(['SAME_PERSON', 'NOT_FOUND'])).toBe(1)
  })
})
