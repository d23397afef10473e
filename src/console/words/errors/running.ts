import type { SaidErrors } from './said.ts'

/** What goes wrong outside, or with the machine, whoever asked for it. */
export const running = {
  AUDIT_BROKEN: {
    meaning: 'Loggens kedja har ändrats eller tagits bort: inga poster binds längre.',
    remedy:
      'Ändra ingenting och kopiera hela datakatalogen. hindra audit verify med kontrollpunkterna säger vad som skiljer.',
  },
  OLDER_THAN_WITNESS: {
    meaning:
      'Lagret är äldre än en kontrollpunkt som finns på annat håll: en gammal kopia har lagts tillbaka.',
    remedy:
      'Ta reda på vem som gjorde det och kopiera hela datakatalogen. Finns den nyare: använd den.',
  },
  MEDIA_EMPTY: { meaning: 'Filen är tom.', remedy: 'Hämta den igen.' },
  MEDIA_UNSUPPORTED: {
    meaning: 'Filen är inte av något slag som Hindra läser (SVG avvisas med avsikt).',
    remedy: 'hindra doctor på servern visar vilka slag den läser.',
  },
  MEDIA_CORRUPT: {
    meaning: 'Filen är skadad eller avbruten, så inget hashvärde går att lita på.',
    remedy: 'Hämta den igen; oftast avbröts nedladdningen.',
  },
  MEDIA_LIMIT: {
    meaning: 'Bilden eller filmen är över en gräns: bildpunkter, sidor, bildrutor eller sekunder.',
    remedy: 'Be den som driver servern höja gränsen, om källan går att lita på.',
  },
  MEDIA_UNHASHABLE: {
    meaning: 'Bilden är för liten för att jämföras.',
    remedy: 'Bedöm den med egna ögon, eller hämta den i full storlek.',
  },
  DECODE_TIMEOUT: {
    meaning: 'Det tog längre tid än tillåtet att läsa filen.',
    remedy: 'Se på filen för sig, eller be den som driver servern höja decode.secondsMax.',
  },
  WORKER_DIED: {
    meaning: 'Den process som läste filen avbröts. Den har ersatts; bara den här filen berörs.',
    remedy:
      'Se på filen för sig. Händer det ofta: hindra doctor visar hur det står till med minnet.',
  },
  WORKER_NOT_STARTED: {
    meaning: 'Servern kunde inte starta en process för att läsa filen.',
    remedy:
      'Försök igen senare. Håller det i sig: hindra doctor visar gränser för filer och minne.',
  },
  FFMPEG_MISSING: {
    meaning: 'ffmpeg är inte installerat, så filmer går inte att läsa.',
    remedy: 'Den som driver servern installerar ffmpeg.',
  },
  SHM_UNAVAILABLE: {
    meaning: 'Det finns inget minne för filmer på servern, eller för lite av det.',
    remedy: 'Den som driver servern ger /dev/shm plats för den största filmen.',
  },
  DISK_FULL: {
    meaning: 'Disken är full: ingenting nytt sparas. Det som redan är gjort finns kvar.',
    remedy: 'Gör plats utanför datakatalogen eller ge den en större disk, och gör sedan om det.',
  },
  DISK_READ_ONLY: {
    meaning: 'Disken går bara att läsa, vilket brukar bero på ett fel på den.',
    remedy: 'Den som driver servern låter kontrollera disken och gör den skrivbar igen.',
  },
  DISK_DENIED: {
    meaning: 'Hindra får inte läsa eller skriva en fil som den behöver.',
    remedy: 'Den som driver servern ser efter vem filen tillhör och rättar det.',
  },
  TOO_MANY_FILES: {
    meaning: 'Servern har så många filer öppna som den får ha.',
    remedy: 'Den som driver servern höjer gränsen (LimitNOFILE) och startar om.',
  },
  SOURCE_FAILED: {
    meaning: 'Utbytet svarade inte som det ska. Det hämtas igen, med allt längre mellanrum.',
    remedy: 'Utbytets sida säger när nästa hämtning görs.',
  },
  SOURCE_REFUSED: {
    meaning: 'Utbytet godtar inte våra inloggningsuppgifter.',
    remedy: 'Fråga den som driver utbytet; därefter hindra sources credentials LISTA --file FIL.',
  },
  SOURCE_MALFORMED: {
    meaning:
      'Det utbytet skickade följer inte formatet eller är inte helt: inget av det togs emot.',
    remedy: 'Det hämtas igen. Håller det i sig: fråga om formatet har ändrats.',
  },
  INVALID_CONFIG: {
    meaning: 'Inställningarna har värden som Hindra inte godtar.',
    remedy: 'Den som driver servern rättar dem; hindra config visar vilka som gäller och varifrån.',
  },
  STORY_FAILED: {
    meaning: 'Demonstrationen blev inte som den ska.',
    remedy: 'Sammanfattningen säger vad som skiljer.',
  },
  INTERNAL: {
    meaning: 'Ett fel i Hindra.',
    remedy: 'Rapportera det med koden och klockslaget.',
  },
  UNREACHABLE: {
    meaning: 'Servern svarar inte.',
    remedy: 'Den som driver servern startar den med hindra serve.',
  },
  REQUEST_TIMEOUT: {
    meaning: 'Det du skickade kom fram för långsamt.',
    remedy: 'Skicka igen över en bättre förbindelse.',
  },
  OVERLOADED: {
    meaning: 'Det väntar mer arbete än Hindra tar emot.',
    remedy: 'Vänta en stund och försök igen.',
  },
  FETCH_REFUSED: {
    meaning: 'URL:en leder till en adress som Hindra inte hämtar från (privat eller särskild).',
    remedy:
      'Är den avsedd tillåter den som driver servern den: fetch.allowNetworks, fetch.allowHosts eller fetch.allowPorts.',
  },
  FETCH_FAILED: {
    meaning: 'URL:en gick inte att hämta: namnet, förbindelsen, tiden eller svaret.',
    remedy: 'Försök igen senare.',
  },
  TLS_FAILED: {
    meaning: 'Värden kan inte bevisa vem den är: certifikatet går inte att lita på.',
    remedy: 'Se på värden för hand; det som inte bevisligen kommer därifrån hämtas inte.',
  },
  PAGE_UNREADABLE: {
    meaning: 'Sidan tog längre tid eller mer minne än någon vanlig sida.',
    remedy: 'Se på sidan för hand och ange vilka URL:er bilderna på den har.',
  },
  BACKUP_DAMAGED: {
    meaning: 'Säkerhetskopian är inte hel eller är inte den som skrevs.',
    remedy: 'Ta en ny; oftast avbröts kopieringen.',
  },
  INDEX_INVALID: {
    meaning: 'Sökningen bland känt material anropades fel.',
    remedy: 'Det är ett fel i Hindra: rapportera det.',
  },
  INDEX_CORRUPT: {
    meaning: 'Ett sparat sökregister går inte att läsa.',
    remedy: 'Den som driver servern tar bort det; det byggs upp igen.',
  },
  INDEX_UNAVAILABLE: {
    meaning: 'Det sökregister som är inställt finns inte på den här servern.',
    remedy: 'Den som driver servern bygger det, eller ställer index.kind på linear.',
  },
  GRAPH_UNAVAILABLE: {
    meaning: 'Den här servern har inget som söker efter det som liknar.',
    remedy: 'Den som driver servern installerar det. Allt annat fungerar utan.',
  },
  INDEX_LOADING: {
    meaning: 'Det kända materialet håller på att läsas in.',
    remedy: 'Vänta en stund. Driften säger när det är klart.',
  },
  SHARD_MISSING: {
    meaning:
      'En del av det kända materialet finns hos andra servrar, och ingen av dem svarar. Då ges inget svar alls, hellre än ett halvt.',
    remedy: 'Försök igen om en stund. Den som driver servern ser vilken del som saknas.',
  },
  INDEX_LOST: {
    meaning: 'Sökningen bland känt material har avbrutits.',
    remedy: 'Den som driver servern startar om Hindra; registret byggs upp igen.',
  },
  MODEL_INVALID: {
    meaning: 'Modellen i model.path går inte att använda.',
    remedy: 'Den som driver servern rättar den; hindra model check säger om den fungerar.',
  },
  MODEL_RUNTIME_MISSING: {
    meaning: 'En modell är inställd, men TensorFlow.js, som kör den, är inte installerat.',
    remedy: 'Den som driver servern installerar det; hindra doctor säger hur.',
  },
  NOT_INITIALISED: {
    meaning: 'Datakatalogen innehåller inget Hindra än.',
    remedy: 'Den som driver servern kör hindra init.',
  },
  ALREADY_INITIALISED: {
    meaning: 'Datakatalogen innehåller redan ett Hindra.',
    remedy: 'Använd det, eller ange en annan katalog med --data.',
  },
  KEY_WRONG: {
    meaning: 'Datanyckeln öppnar inte det som är sparat.',
    remedy:
      'Den som driver servern lägger tillbaka den nyckel som gäller nu. Utan den går ingenting att läsa.',
  },
  KEY_MISSING: {
    meaning: 'Det finns ingen datanyckel.',
    remedy:
      'Den som driver servern lägger tillbaka den. Ingen annan nyckel öppnar det som finns: gör ingen ny.',
  },
  STORE_LOCKED: {
    meaning: 'En annan process använder datakatalogen.',
    remedy: 'Använd den server som redan går, eller stoppa den.',
  },
  LEASE_ELSEWHERE: {
    meaning: 'En annan av husets servrar gör det arbete som bara en i taget får göra.',
    remedy: 'Vänta: det som ska göras görs snart av den servern.',
  },
  STORE_CLOSED: {
    meaning: 'Servern stängdes medan arbetet pågick.',
    remedy: 'Gör om det när servern är igång igen.',
  },
  STORE_CORRUPT: {
    meaning: 'Något som är sparat har ändrats eller skadats och går inte att läsa.',
    remedy:
      'Den som driver servern kör hindra doctor --store, kopierar datakatalogen som den är och återställer den senaste säkerhetskopian vid sidan av.',
  },
  COMMITS_LOST: {
    meaning: 'Disken har förlorat sådant som var sparat.',
    remedy: 'Den som driver servern kopierar datakatalogen som den är och kontrollerar disken.',
  },
  STORE_REPLAYED: {
    meaning:
      'Filerna i lagret är inte de som Hindra skrev senast: någon kan ha lagt tillbaka äldre.',
    remedy:
      'Den som driver servern kör hindra doctor --store och ser det som ett angrepp tills det är förklarat.',
  },
  STORE_FAILED: {
    meaning:
      'Disken svarade fel: ingenting mer sparas före en omstart. Det som redan är gjort finns kvar.',
    remedy: 'Den som driver servern kontrollerar disken och startar om.',
  },
  STORE_UNAVAILABLE: {
    meaning:
      'PostgreSQL, som håller lagret, nås inte eller nekar. Det som redan är gjort finns kvar.',
    remedy: 'Försök igen om en stund. Den som driver servern ser till att PostgreSQL går.',
  },
  STORE_FORMAT: {
    meaning: 'En annan version av Hindra har skrivit datakatalogen. Ingenting i den har ändrats.',
    remedy: 'Den som driver servern installerar den versionen eller en nyare.',
  },
  STORE_MIGRATE: {
    meaning: 'En äldre version av Hindra har skrivit datakatalogen. Ingenting i den har ändrats.',
    remedy: 'Den som driver servern kör hindra migrate.',
  },
  FEED_TRUNCATED: {
    meaning: 'Det du frågar efter är äldre än det som sparas.',
    remedy: 'Läs om allt och fortsätt därifrån.',
  },
  TX_TOO_LARGE: {
    meaning: 'Det var mer på en gång än lagret tar emot.',
    remedy: 'Dela upp arbetet.',
  },
  TX_CONFLICT: {
    meaning: 'Andra hann före gång på gång.',
    remedy: 'Gör om det.',
  },
  EXPORT_ELSEWHERE: {
    meaning: 'En fil att lämna över skrevs i en annan mapp än den som nu används.',
    remedy:
      'Den som driver servrarna ser till att alla som skickar ut har samma mapp i hotlineExports.directory, med filen .hindra-directory i. En fil som har lämnats över bockas av på sidan Att göra.',
  },
  EXPORT_FAILED: {
    meaning: 'En fil att lämna över kunde inte skrivas. Nya försök görs.',
    remedy:
      'Den som driver servern ser till att hotlineExports.directory finns, går att skriva i och har plats.',
  },
  MAIL_FAILED: {
    meaning: 'E-postservern tog inte emot mejlet. Det ligger kvar och nya försök görs.',
    remedy: 'Den som driver servern prövar e-posten med hindra doctor.',
  },
  POST_FAILED: {
    meaning:
      'Mottagarens system tog inte emot underrättelsen. Den ligger kvar och nya försök görs.',
    remedy: 'Underrättelsens sida säger vad som gick fel; en som nekades kan skickas igen där.',
  },
  INBOX_FAILED: {
    meaning:
      'En brevlåda går inte att läsa: den för svar och studsar eller den för systerorganisationer.',
    remedy: 'Den som driver servern ser efter inställningarna för brevlådan.',
  },
  MAIL_UNREADABLE: {
    meaning: 'Ett mejl är inget mejl, eller tog mer tid eller minne än något vanligt mejl.',
    remedy: 'Läs det i brevlådan, där det ligger kvar oläst.',
  },
  NATS_CLIENT_MISSING: {
    meaning: 'Det som behövs för att läsa observationer från NATS är inte installerat.',
    remedy: 'Den som driver matningen installerar de två paket som felet på raden nämner.',
  },
  NATS_UNAVAILABLE: {
    meaning: 'NATS svarar inte eller har inget utrymme. Det som inte kvitterats väntar där.',
    remedy: 'Den som driver NATS ser efter. Nya försök görs av sig självt.',
  },
  NATS_REFUSED: {
    meaning: 'NATS godtar inte uppgifterna eller certifikatet, eller tillåter inte det som behövs.',
    remedy: 'Den som driver matningen rättar uppgifterna eller rättigheterna i NATS.',
  },
  NATS_MISSING: {
    meaning: 'Strömmen eller läsaren finns inte i NATS, eller ingen ström tar emot svaren.',
    remedy: 'Den som driver matningen rättar namnet eller låter hindra feed --create göra den.',
  },
  NATS_UNSAFE: {
    meaning: 'Med läsarens eller strömmens inställningar kan en observation gå förlorad.',
    remedy: 'Den som driver matningen gör en ny läsare med hindra feed --create.',
  },
} as const satisfies SaidErrors
