import type { SaidErrors } from './said.ts'

/** What is refused to somebody at work: for who they are, for how things stand, for what they sent. */
export const work = {
  UNAUTHENTICATED: {
    meaning: 'Inloggningen gick inte, eller så har den gått ut.',
    remedy:
      'Logga in igen. Den som har tappat bort lösenord eller andra faktor ber en administratör om en ny inbjudan.',
  },
  STEP_UP_NEEDED: {
    meaning: 'Det här är bindande, och din andra faktor har inte visats de senaste minuterna.',
    remedy: 'Visa den andra faktorn eller en passnyckel en gång till och gör om det.',
  },
  OPENID_UNREACHABLE: {
    meaning: 'Det går inte att nå den tjänst som sköter inloggningen, eller så svarar den fel.',
    remedy:
      'Logga in med lösenord och andra faktor eller med en passnyckel. Den som driver servern ser efter om openid.issuer svarar.',
  },
  FORBIDDEN: {
    meaning: 'Ingen av dina roller tillåter det här.',
    remedy: 'Be en administratör om en roll som gör det.',
  },
  ASSIGNED: {
    meaning: 'En kollega arbetar med det just nu.',
    remedy:
      'Ta något annat eller kom tillbaka senare. Kollegan kan lägga tillbaka det eller lämna över det, och en ansvarig kan lämna över det genast.',
  },
  PAGE_CHOICE: {
    meaning: 'URL:en är en sida: det som ska bort är bilderna eller filerna på den.',
    remedy: 'Välj bland dem, eller säg att det är sidan själv eller kontot som avses.',
  },
  NOT_LOOKED_AT: {
    meaning: 'Hindra har inte sett det här och kan därför inte säga att det är samma sak.',
    remedy: 'Låt Hindra titta först. Det som fortfarande är okänt bedöms ett i taget.',
  },
  EVIDENCE_DIFFERS: {
    meaning:
      'Alla bygger inte på samma fil eller samma kända material: ett gemensamt beslut skulle gälla något som ingen har sett. Ingenting har ändrats.',
    remedy: 'Uteslut de som skiljer sig och bedöm dem var för sig.',
  },
  UNDO_BARRED: {
    meaning:
      'Det går inte att ångra: något har redan lämnat huset, eller så har någon annan byggt vidare på det. Ingenting har ändrats.',
    remedy:
      'Se på ärendet. Borde det aldrig ha funnits kan det avslutas så att alla som har fått veta underrättas.',
  },
  CASE_STATE: {
    meaning: 'Ärendet är i ett läge som inte tillåter det.',
    remedy: 'Se hur ärendet står nu.',
  },
  LOOK_BY_PERSON: {
    meaning:
      'Bara en person som har loggat in i webbläsaren får titta, ingen nyckel och inget kommando.',
    remedy: 'Öppna ärendet eller tipset här och be om att få titta.',
  },
  LOOKS_OFF: {
    meaning: 'Verksamheten har stängt av visningen.',
    remedy:
      'Visa URL:en på sidan och öppna den på den dator som ni har för sådant. Den som driver servern ställer in looks.enabled.',
  },
  LOOK_STEP: {
    meaning: 'Större och i färg är egna steg, vart och ett efter det mindre.',
    remedy: 'Titta först litet och i grått; där erbjuds resten.',
  },
  LOOK_LIMIT: {
    meaning: 'En gräns för hur mycket en person får titta är nådd (policy/looks.yaml).',
    remedy:
      'Mitt konto säger när det går igen. Ingenting går förlorat: det du har tagit är kvar hos dig, och det går att bedöma och avgöra utan att titta.',
  },
  SAME_PERSON: {
    meaning:
      'Det här kräver en andra person: den som har haft del i det kan inte också avgöra det.',
    remedy: 'Låt en annan person göra det.',
  },
  ASSESSMENTS_MISSING: {
    meaning: 'Före bekräftelsen krävs två lika bedömningar av just den här filen.',
    remedy: 'Låt två personer bedöma en URL där Hindra får se samma fil.',
  },
  FINDINGS_OPEN: {
    meaning: 'Kontrollerna fann något som en människa måste se på före bekräftelsen.',
    remedy: 'Se på det, kryssa i att du har gjort det och bekräfta igen.',
  },
  HASH_INVALID: {
    meaning: 'Texten är inget hashvärde av det slaget.',
    remedy: 'PDQ och SHA-256 har 64 hexadecimala tecken, SHA-1 har 40 och MD5 har 32.',
  },
  INVALID_INPUT: {
    meaning: 'Något i formuläret saknas, är av fel slag eller ligger utanför det som godtas.',
    remedy: 'Rätta fältet och skicka igen.',
  },
  URL_INVALID: {
    meaning: 'URL:en går inte att tolka, är varken http eller https eller är längre än 8 KiB.',
    remedy: 'Ange en fullständig URL som börjar med http:// eller https://.',
  },
  NOT_FOUND: {
    meaning: 'Det finns inte, eller finns inte längre.',
    remedy: 'Sök efter det, eller börja från listan.',
  },
  CONFLICT: {
    meaning: 'Det går inte i det läge som råder.',
    remedy: 'Se hur det står till nu: någon annan kan ha hunnit före.',
  },
  RATE_LIMITED: {
    meaning: 'Du har gjort så mycket som går på så kort tid.',
    remedy: 'Vänta en stund och försök igen. Den som driver servern ställer in limits.*.',
  },
  TOO_LARGE: {
    meaning: 'Filen eller det som skickades är för stort.',
    remedy: 'Skicka mindre, eller be den som driver servern höja gränsen.',
  },
  NO_CONTACT: {
    meaning: 'Ingen är känd som kan ta bort det, eller så finns ingen adress dit.',
    remedy: 'Ange vem värden är på värdens sida, eller lägg till den i trace.providers.',
  },
  LETTER_UNKNOWN: {
    meaning: 'Det finns inget sådant brev till den mottagaren.',
    remedy: 'Ta kontakt för hand, eller ändra vem som ska få veta.',
  },
  LETTER_INCOMPLETE: {
    meaning: 'Brevet saknar en uppgift som det måste ha och väntar därför på en människa.',
    remedy: 'Fyll i det som saknas, eller ta kontakt för hand och ange att det är gjort.',
  },
  CONTACT_UNSUITABLE: {
    meaning:
      'Ett underlag går bara till polisen, och bara krypterat: kontakten är inte polisens eller saknar en nyckel som går att använda.',
    remedy:
      'Välj en annan kontakt. Den som driver servern lägger in nycklar i takedown.confidence.',
  },
  DOSSIER_CHANGED: {
    meaning:
      'Ärendet är inte längre det som någon föreslog att lämna ut. Ingenting har lämnats ut.',
    remedy: 'Läs igenom det som det är nu och lämna ut det igen.',
  },
  DOSSIER_LIMIT: {
    meaning: 'Du har föreslagit eller lämnat ut så många underlag som en person får på ett dygn.',
    remedy: 'Låt en annan person göra det, eller vänta. Talet står i policy/dossiers.yaml.',
  },
  RECEIPT_UNKNOWN: {
    meaning: 'Inget tips har det kvittot, eller så finns det inte kvar.',
    remedy: 'Jämför alla 16 siffror med det som skrevs upp.',
  },
  WORK_REFUSED: {
    meaning: 'Sidan hann bli för gammal, eller så skickades den för snabbt.',
    remedy: 'Öppna sidan igen och skicka därifrån.',
  },
  TIPLINE_BUSY: {
    meaning: 'Det har kommit mer från allmänheten den här timmen än som tas emot.',
    remedy: 'Försök igen senare. Den som driver servern ställer in tipline.*.',
  },
  LIST_NOT_WHOLE: {
    meaning:
      'En rad i en fullständig lista avvisades: då går det inte att säga vad som saknas i den.',
    remedy: 'Rätta de rader som avvisades, eller importera utan --complete: då tas ingenting bort.',
  },
  WITHDRAWAL_UNCONFIRMED: {
    meaning:
      'En fullständig lista utelämnar fler av sina uppgifter än som får tas bort utan fråga.',
    remedy: 'Se efter om filen är hel. Kör sedan samma kommando med --withdraw och antalet.',
  },
  CASE_WITHHELD: {
    meaning:
      'Svaret nämner ett ärende som du själv har framför dig för att besluta om igen: det skulle avslöja vad som beslutades.',
    remedy: 'Fatta beslutet, eller lämna det till någon annan. Sedan går det att läsa.',
  },
  NO_PAGE: {
    meaning: 'Det som finns på adressen är ingen sida, så det finns ingen text att läsa.',
    remedy:
      'En bild eller film tittar du på i stället. Läs sidan där materialet sågs, om tipset eller ärendet nämner en.',
  },
  FEEDBACK_REFUSED: {
    meaning: 'Åsikten kan inte skickas till utbytet som den är.',
    remedy: 'Lämna den på nytt; på utbytets sida syns vad som hände med den.',
  },
} as const satisfies SaidErrors
