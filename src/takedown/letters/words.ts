import { type Channel, CHANNELS } from '../../channels/index.ts'
import { own } from '../../core/index.ts'
import type { Span } from '../../decode/index.ts'
import { TIP_CATEGORY_WORDS, TIP_SEEN_IN_WORDS, type TipSource } from '../../intake/index.ts'
import type { Language, ReplyKind } from '../notice.ts'

const LOCALES: Readonly<Record<Language, string>> = { sv: 'sv-SE', en: 'en-GB' }
const TO: Readonly<Record<Language, string>> = { sv: ' till ', en: ' to ' }
/** What people call the time of a place; elsewhere the name of the zone is said. */
const NAMED: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  'Europe/Stockholm': { sv: 'svensk tid', en: 'Swedish time' },
}

const REPLIES: Readonly<Record<Language, Readonly<Record<ReplyKind, string>>>> = {
  sv: {
    bounce: 'meddelandet kom i retur',
    'delivery-report': 'besked om leveransen',
    receipt: 'automatisk bekräftelse',
    answer: 'svar',
    'removal-claim': 'uppgift om att innehållet är borttaget',
    refusal: 'avslag',
  },
  en: {
    bounce: 'the message was returned',
    'delivery-report': 'a report of its delivery',
    receipt: 'automatic receipt',
    answer: 'answer',
    'removal-claim': 'you said that it is removed',
    refusal: 'refusal',
  },
}

/** Who told of a tip. */
const SOURCES: Readonly<Record<Language, Readonly<Record<TipSource, string>>>> = {
  sv: {
    public: 'allmänheten',
    hotline: 'en annan hotline',
    'child-support-line': 'en stödlinje för barn',
    police: 'polisen',
    'own-work': 'en medarbetare hos oss',
  },
  en: {
    public: 'the public',
    hotline: 'another hotline',
    'child-support-line': 'a support line for children',
    police: 'the police',
    'own-work': 'somebody who works with us',
  },
}

export type Words = ReturnType<typeof wordsOf>

/** Words by language and zone, each made once. */
export function createWords() {
  const made = new Map<string, Words>()
  return ({ language, timeZone }: { readonly language: Language; readonly timeZone: string }) => {
    const key = `${language} ${timeZone}`
    const words = made.get(key) ?? wordsOf(language, timeZone)
    made.set(key, words)
    return words
  }
}

/**
 * Times as people write them, in the house's own time and with its zone said; names of countries, channels and
 * replies. What is missing stays a hole.
 */
function wordsOf(language: Language, timeZone: string) {
  const locale = LOCALES[language]
  const named = own(NAMED, timeZone)?.[language]
  const day = formatter({ day: 'numeric', month: 'long', year: 'numeric' })
  const hour = formatter({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const zone = formatter({ timeZoneName: 'short' }, 'en-GB')
  const regions = new Intl.DisplayNames([locale], { type: 'region' })

  function formatter(options: Intl.DateTimeFormatOptions, of = locale): Intl.DateTimeFormat {
    return new Intl.DateTimeFormat(of, { ...options, timeZone })
  }

  function time(iso: string): string {
    const at = new Date(iso)
    const clock = hour.format(at)
    if (language === 'sv') {
      return `${day.format(at)} kl. ${clock.replace(':', '.')} ${named ?? `(${timeZone})`}`
    }
    const short = zone.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
    const name = named === undefined ? `${short}, ${timeZone}` : short
    return `${day.format(at)} at ${clock} ${named === undefined ? '' : `${named} `}(${name})`
  }

  return {
    /** `25 november 2026` */
    date: unlessHole((iso) => day.format(new Date(iso))),
    /** `25 november 2026 kl. 10.12 svensk tid`, `25 November 2026 at 10:12 Swedish time (CET)`. */
    time: unlessHole(time),
    /** `svensk tid`, or the name of the zone. */
    zoneName: (): string => named ?? timeZone,
    channelName: unlessHole((kind) => CHANNELS[kind as Channel['kind']].words[language]),
    replyName: unlessHole((kind) => REPLIES[language][kind as ReplyKind]),
    sourceName: unlessHole((source) => SOURCES[language][source as TipSource]),
    categoryName: unlessHole(
      (category) => TIP_CATEGORY_WORDS[category as keyof typeof TIP_CATEGORY_WORDS][language],
    ),
    seenInName: unlessHole(
      (place) => TIP_SEEN_IN_WORDS[place as keyof typeof TIP_SEEN_IN_WORDS][language],
    ),
    /** `3 s till 8 s, 1 min 12 s`. */
    timesInFilm: (moments: readonly Span[]): string =>
      moments
        .map(({ from, to }) => [...new Set([intoFilm(from), intoFilm(to)])].join(TO[language]))
        .join(', '),
    country: unlessHole((code) => regions.of(code) ?? code),
  }
}

/** `8 s`, `1 min 12 s`, `1 h 0 min 5 s`: how far into a film. */
function intoFilm(seconds: number): string {
  const whole = Math.round(seconds)
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60]
  return [
    ...(hours > 0 ? [`${hours} h`] : []),
    ...(whole >= 60 ? [`${minutes} min`] : []),
    `${whole % 60} s`,
  ].join(' ')
}

function unlessHole(say: (word: string) => string): (word: unknown) => string {
  return (word) => (typeof word === 'string' ? say(word) : String(word))
}
