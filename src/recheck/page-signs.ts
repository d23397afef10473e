import type { Barrier } from '../cases/index.ts'
import { wordsOf } from './page-words.ts'

/** In a longer page such words can be anybody's, so that only its title and headings count. */
const SHORT_CHARS = 1_500

/** What a page says of why it is shown in the place of media. */
export type PageSign =
  | Extract<Barrier, 'login' | 'captcha' | 'geo-block' | 'legal-block' | 'block-page'>
  | 'removal-page'
  | 'parked'

/** Scripts and fields, which need no language. Pages come in lower case. */
const CAPTCHA_PARTS =
  /g-recaptcha|h-captcha|hcaptcha\.com|cf-turnstile|challenge-platform|cf-chl|_incapsula_|ddos-guard/
const PASSWORD_FIELD = /type\s{0,9}=\s{0,9}["']?password/

/** The signs in the order in which they are believed; Swedish, English, German, French, Spanish, Dutch, Russian. */
const WORDS: readonly (readonly [PageSign, RegExp])[] = [
  [
    'captcha',
    /captcha|are you (a )?(human|robot)|you are (a )?human|not a robot|checking your browser|är du en robot|du är människa|kein roboter|pas un robot|no soy un robot|не робот/,
  ],
  [
    'geo-block',
    /(not|isn['’]t|un) ?available in (your|this) (country|region|location)|your (country|region) (is|has been) (not|blocked)|(inte|ej) tillgängligt? i ditt land|in (ihrem|deinem) land nicht verfügbar|pas disponible dans votre (pays|région)|no (está|esta) disponible en (su|tu) (país|región)|niet beschikbaar in (uw|je) land|недоступ\S+ в (вашей|вашем) (стране|регионе)/,
  ],
  [
    'legal-block',
    /unavailable (for|due to) legal reasons|legal demand|court order|domstolsbeslut|av juridiska skäl|gerichtsbeschluss|aus rechtlichen gründen|raisons légales|роскомнадзор/,
  ],
  [
    'block-page',
    /you have been blocked|access (to this (page|site|website) )?(is |has been |was )?(denied|blocked|restricted)|(web)?site (is|has been) blocked|request (was )?(blocked|rejected)|åtkomst (nekad|nekas|blockerad)|(sidan|webbplatsen) är (blockerad|spärrad)|zugriff (verweigert|gesperrt)|accès (refusé|bloqué)|acceso (denegado|bloqueado)|toegang geweigerd|доступ (запрещ|ограничен|заблокирован)/,
  ],
]

const REMOVAL =
  /\b(404|410)\b|not found|no longer (available|exists?|here)|(has|have) been (removed|deleted|taken down|suspended|terminated|disabled)|(was|were|is) (removed|deleted|taken down|suspended)|does(n['’]t| not) exist|could(n['’]t| not) be found|hittades inte|(finns|hittas) inte|kunde inte hittas|har tagits bort|är (borttage[nt]|raderad|avstängt)|nicht gefunden|existiert nicht|(wurde|ist) (gelöscht|entfernt|gesperrt)|introuvable|n['’]existe (pas|plus)|a été (supprimée?|retirée?)|no (se )?(encontrad[ao]|encontró|existe)|(ha sido|fue) eliminad[ao]|niet gevonden|bestaat niet|is verwijderd|не найден|удал[её]н/

/** Who sells or parks domains: what they serve names them in its scripts and links. */
const PARKING_PARTS =
  /sedoparking\.com|parkingcrew\.net|bodis\.com|parklogic\.com|above\.com\/marketplace|hugedomains\.com|afternic\.com\/forsale|dan\.com\/buy-domain|parking-lander|domainsponsor\.com|cashparking/
const PARKED =
  /(domain|website|domain name) (name )?(is|may be|could be) (for sale|available for purchase|parked)|buy this domain|(domain|web ?page|site) (is )?parked( free)?|parked (domain|free)|domain(en)? är till salu|domain steht zum verkauf|domaine est à vendre|dominio está en venta|domein is te koop|домен прода[её]тся|this domain (has )?expired|domain has expired/

const LOGIN =
  /(log|sign)[ -]?in|logga in|inloggad|anmelden|einloggen|(se )?connecte[rz]|iniciar sesión|inloggen|войдите|авториз/

/** Undefined where the page does not tell. */
export function signOf(bytes: Uint8Array): PageSign | undefined {
  const { html, headings, text } = wordsOf(bytes)
  if (CAPTCHA_PARTS.test(html)) return 'captcha'
  const isShort = text.length <= SHORT_CHARS
  const said = isShort ? text : headings
  const [barrier] = WORDS.find(([, words]) => words.test(said)) ?? []
  if (barrier !== undefined) return barrier
  if (REMOVAL.test(headings)) return 'removal-page'
  // Links of parking services are in many a page that sells domains: on a long one words must say it, too.
  if (PARKED.test(said) || (isShort && PARKING_PARTS.test(html))) return 'parked'
  // A page about what is gone can have the field of its site's login, too, so its headings go first.
  if (PASSWORD_FIELD.test(html) || LOGIN.test(headings)) return 'login'
  return isShort && REMOVAL.test(said) ? 'removal-page' : undefined
}
