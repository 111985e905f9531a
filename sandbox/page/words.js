/** Every word of the page's own, in Kyrgyz, Russian and English; and how times and sizes are written. */

export const LANGUAGES = { ky: "Кыргызча", ru: "Русский", en: "English" };
const ZONE = "Asia/Bishkek";
const KEPT_AS = "sandbox-language";

const WORDS = {
  // The page around the phones
  phones: { ky: "Телефондор", ru: "Телефоны", en: "Phones" },
  "page-about": {
    ky: "Бул компьютердеги Telegram",
    ru: "Telegram на этом компьютере",
    en: "A Telegram on this machine",
  },
  language: { ky: "Тил", ru: "Язык", en: "Language" },
  "add-phone": { ky: "Телефон кошуу", ru: "Добавить телефон", en: "Add a phone" },
  "reset-phones": {
    ky: "Баштапкы телефондорго кайтуу",
    ru: "Вернуть исходные телефоны",
    en: "Back to the first set of phones",
  },
  "close-phone": { ky: "Телефонду алып салуу", ru: "Убрать телефон", en: "Remove the phone" },
  "phone-of": { ky: "{who}: телефон", ru: "Телефон: {who}", en: "Phone of {who}" },
  more: { ky: "Дагы", ru: "Ещё", en: "More" },
  reconnecting: {
    ky: "Байланыш үзүлдү, кайра туташып жатат…",
    ru: "Связь прервалась, подключаемся снова…",
    en: "Connection lost, trying again…",
  },
  "bishkek-time": { ky: "Бишкек убактысы", ru: "Время в Бишкеке", en: "Time in Bishkek" },
  "plus-hour": { ky: "+1 саат", ru: "+1 час", en: "+1 h" },
  "plus-day": { ky: "+1 күн", ru: "+1 день", en: "+1 day" },
  "plus-more": { ky: "+ …", ru: "+ …", en: "+ …" },
  "move-clock": { ky: "Убакытты алга жылдыруу", ru: "Перевести часы вперёд", en: "Move the clock forward" },
  days: { ky: "Күн", ru: "Дни", en: "Days" },
  hours: { ky: "Саат", ru: "Часы", en: "Hours" },
  minutes: { ky: "Мүнөт", ru: "Минуты", en: "Minutes" },
  move: { ky: "Жылдыруу", ru: "Перевести", en: "Move" },
  violations: {
    ky: "Telegram четке каккан сурамдар",
    ru: "Запросы, которые отклонил бы Telegram",
    en: "Requests that Telegram would refuse",
  },
  "no-violations": {
    ky: "Азырынча баары туура: Telegram боттун бардык сурамдарын кабыл алмак.",
    ru: "Пока всё верно: Telegram принял бы каждый запрос бота.",
    en: "All is well so far: Telegram would have taken every request of the bot.",
  },
  gaps: {
    ky: "Бул жерде аткарылбаган ыкмалар",
    ru: "Методы, которых здесь нет",
    en: "Methods that are not acted out here",
  },
  parameters: { ky: "Сурамдын мазмуну", ru: "Содержание запроса", en: "What was sent" },

  // People and roles
  "citizen-ky": { ky: "Жаран (кыргызча)", ru: "Гражданка (кырг.)", en: "Citizen (Kyrgyz)" },
  "citizen-ru": { ky: "Жаран (орусча)", ru: "Гражданин (рус.)", en: "Citizen (Russian)" },
  lawyer: { ky: "Юрист", ru: "Юрист", en: "Lawyer" },
  "second-lawyer": { ky: "Экинчи юрист", ru: "Второй юрист", en: "Second lawyer" },
  campaigner: { ky: "Өнөктүк жүргүзүүчү", ru: "Ведёт кампании", en: "Campaigner" },
  coordinator: { ky: "Координатор", ru: "Координатор", en: "Coordinator" },
  "partner-group": { ky: "Өнөктөштүн тобу", ru: "Группа партнёра", en: "A partner’s group" },
  curator: { ky: "Куратор", ru: "Куратор", en: "Curator" },
  person: { ky: "Адам", ru: "Человек", en: "Person" },
  "new-person": { ky: "Жаңы адам", ru: "Новый человек", en: "A new person" },
  "others-here": { ky: "Башка адамдар", ru: "Другие люди", en: "Other people" },
  "first-name": { ky: "Аты", ru: "Имя", en: "First name" },
  "last-name": { ky: "Фамилиясы", ru: "Фамилия", en: "Last name" },
  "phone-language": { ky: "Telegram’дын тили", ru: "Язык Telegram", en: "Telegram’s language" },
  add: { ky: "Кошуу", ru: "Добавить", en: "Add" },

  // Chats
  chats: { ky: "Чаттар", ru: "Чаты", en: "Chats" },
  "no-chats": { ky: "Чат жок", ru: "Чатов нет", en: "No chats" },
  back: { ky: "Артка", ru: "Назад", en: "Back" },
  bot: { ky: "бот", ru: "бот", en: "bot" },
  "new-group": { ky: "Жаңы топ", ru: "Новая группа", en: "New group" },
  "group-title": { ky: "Топтун аты", ru: "Название группы", en: "Name of the group" },
  "add-member": { ky: "Адам кошуу", ru: "Добавить человека", en: "Add a person" },
  general: { ky: "Жалпы", ru: "Общая", en: "General" },
  topics: { ky: "Темалар", ru: "Темы", en: "Topics" },
  "new-topic": { ky: "Жаңы тема", ru: "Новая тема", en: "New topic" },
  "topic-name": { ky: "Теманын аты", ru: "Название темы", en: "Name of the topic" },
  closed: { ky: "жабык", ru: "закрыта", en: "closed" },
  create: { ky: "Ачуу", ru: "Создать", en: "Create" },
  members: {
    ky: { other: "{n} мүчө" },
    ru: { one: "{n} участник", few: "{n} участника", many: "{n} участников", other: "{n} участника" },
    en: { one: "{n} member", other: "{n} members" },
  },
  unread: {
    ky: { other: "{n} окула элек" },
    ru: {
      one: "{n} непрочитанное",
      few: "{n} непрочитанных",
      many: "{n} непрочитанных",
      other: "{n} непрочитанных",
    },
    en: { one: "{n} unread", other: "{n} unread" },
  },
  votes: {
    ky: { other: "{n} добуш" },
    ru: { one: "{n} голос", few: "{n} голоса", many: "{n} голосов", other: "{n} голоса" },
    en: { one: "{n} vote", other: "{n} votes" },
  },
  today: { ky: "Бүгүн", ru: "Сегодня", en: "Today" },
  yesterday: { ky: "Кечээ", ru: "Вчера", en: "Yesterday" },
  earlier: { ky: "Мурункуларын көрсөтүү", ru: "Показать более ранние", en: "Show earlier ones" },
  "to-newest": { ky: "Акыркы билдирүүгө", ru: "К последнему сообщению", en: "To the newest message" },
  "choose-chat": { ky: "Чат тандаңыз", ru: "Выберите чат", en: "Choose a chat" },

  // What somebody is doing
  typing: { ky: "жазып жатат…", ru: "печатает…", en: "typing…" },
  upload_photo: { ky: "сүрөт жөнөтүп жатат…", ru: "отправляет фото…", en: "sending a photo…" },
  upload_document: { ky: "файл жөнөтүп жатат…", ru: "отправляет файл…", en: "sending a file…" },
  upload_video: { ky: "видео жөнөтүп жатат…", ru: "отправляет видео…", en: "sending a video…" },
  record_voice: { ky: "үн жаздырып жатат…", ru: "записывает голос…", en: "recording a voice note…" },
  upload_voice: {
    ky: "үн билдирүү жөнөтүп жатат…",
    ru: "отправляет голосовое…",
    en: "sending a voice note…",
  },
  find_location: { ky: "жер тандап жатат…", ru: "выбирает место…", en: "choosing a place…" },
  choose_sticker: { ky: "стикер тандап жатат…", ru: "выбирает стикер…", en: "choosing a sticker…" },

  // The menu of a chat
  "about-bot": { ky: "Бот жөнүндө", ru: "О боте", en: "About the bot" },
  "about-group": { ky: "Топ жөнүндө", ru: "О группе", en: "About the group" },
  "what-can": { ky: "Бул бот эмне кыла алат?", ru: "Что умеет этот бот?", en: "What can this bot do?" },
  block: { ky: "Ботту бөгөттөө", ru: "Заблокировать бота", en: "Block the bot" },
  unblock: { ky: "Бөгөттөн чыгаруу", ru: "Разблокировать", en: "Unblock" },
  blocked: { ky: "Бот бөгөттөлгөн", ru: "Бот заблокирован", en: "The bot is blocked" },
  "block-sure": {
    ky: "Бот Сизге жаза албай калат. Каалаган убакта бөгөттөн чыгара аласыз.",
    ru: "Бот больше не сможет Вам писать. Разблокировать можно в любой момент.",
    en: "The bot will not be able to write to you. You can unblock it at any time.",
  },
  "start-with": { ky: "Шилтеме менен баштоо…", ru: "Открыть ссылку со start…", en: "Open a start link…" },
  "start-parameter": {
    ky: "Шилтемедеги «start» сөзү",
    ru: "Параметр start из ссылки",
    en: "The start parameter of the link",
  },
  open: { ky: "Ачуу", ru: "Открыть", en: "Open" },
  "clear-history": { ky: "Жазышууну тазалоо", ru: "Очистить переписку", en: "Clear the history" },
  "clear-sure": {
    ky: "Бул чаттагы бардык билдирүүлөр өчүрүлөт.",
    ru: "Все сообщения этого чата будут удалены.",
    en: "All messages of this chat will be deleted.",
  },
  clear: { ky: "Тазалоо", ru: "Очистить", en: "Clear" },
  "leave-group": { ky: "Топтон чыгуу", ru: "Выйти из группы", en: "Leave the group" },
  "bot-add": { ky: "Ботту топко кошуу", ru: "Добавить бота в группу", en: "Add the bot to the group" },
  "bot-promote": {
    ky: "Ботту администратор кылуу",
    ru: "Сделать бота администратором",
    en: "Make the bot an administrator",
  },
  "bot-demote": {
    ky: "Боттун администратор укугун алуу",
    ru: "Снять с бота права администратора",
    en: "Take the bot’s rights away",
  },
  "bot-remove": {
    ky: "Ботту топтон чыгаруу",
    ru: "Убрать бота из группы",
    en: "Remove the bot from the group",
  },
  owner: { ky: "ээси", ru: "владелец", en: "owner" },
  administrator: { ky: "администратор", ru: "администратор", en: "administrator" },
  start: { ky: "БАШТОО", ru: "НАЧАТЬ", en: "START" },
  "read-only": { ky: "Бул жерге жаза албайсыз", ru: "Писать здесь нельзя", en: "You can’t write here" },
  "topic-is-closed": { ky: "Бул тема жабык", ru: "Эта тема закрыта", en: "This topic is closed" },

  // Writing
  message: { ky: "Билдирүү", ru: "Сообщение", en: "Message" },
  caption: { ky: "Түшүндүрмө сөз", ru: "Подпись", en: "Caption" },
  send: { ky: "Жөнөтүү", ru: "Отправить", en: "Send" },
  attach: { ky: "Тиркөө", ru: "Прикрепить", en: "Attach" },
  menu: { ky: "Меню", ru: "Меню", en: "Menu" },
  commands: { ky: "Буйруктар", ru: "Команды", en: "Commands" },
  "no-commands": { ky: "Буйруктар жок", ru: "Команд нет", en: "No commands" },
  keyboard: { ky: "Баскычтар", ru: "Кнопки", en: "Buttons" },
  "show-keyboard": { ky: "Баскычтарды көрсөтүү", ru: "Показать кнопки", en: "Show the buttons" },
  "hide-keyboard": { ky: "Баскычтарды жашыруу", ru: "Скрыть кнопки", en: "Hide the buttons" },
  "record-voice": { ky: "Үн билдирүү жаздыруу", ru: "Записать голосовое", en: "Record a voice note" },
  recording: { ky: "Жазылууда", ru: "Идёт запись", en: "Recording" },
  "sample-photo": { ky: "Үлгү сүрөт", ru: "Пробное фото", en: "Sample photo" },
  "sample-document": { ky: "Үлгү файл", ru: "Пробный файл", en: "Sample file" },
  "sample-post": { ky: "Каналдагы жазуу", ru: "Пост из канала", en: "A channel’s post" },
  "sample-channel": { ky: "Айылдын жаңылыктары", ru: "Новости айыла", en: "Village news" },
  "sample-post-text": {
    ky: "Эртең саат 10:00дө айыл өкмөтүндө жер маселелери боюнча чогулуш болот.",
    ru: "Завтра в 10:00 в айыл окмоту пройдёт собрание по земельным вопросам.",
    en: "A meeting about land matters will be held at the village office tomorrow at 10:00.",
  },
  "your-photo": { ky: "Сүрөт", ru: "Фото", en: "Photo" },
  "your-file": { ky: "Файл", ru: "Файл", en: "File" },
  "reply-to": { ky: "Жооп: {who}", ru: "Ответ: {who}", en: "Reply to {who}" },
  editing: { ky: "Билдирүүнү оңдоо", ru: "Изменение сообщения", en: "Editing the message" },
  "inline-results": { ky: "Табылгандар", ru: "Результаты", en: "Results" },
  searching: { ky: "Издеп жатат…", ru: "Идёт поиск…", en: "Searching…" },
  "nothing-found": { ky: "Эч нерсе табылган жок", ru: "Ничего не нашлось", en: "Nothing found" },
  "share-contact": { ky: "Байланышыңызды бөлүшүү", ru: "Поделиться контактом", en: "Share a contact" },
  "share-phone-title": {
    ky: "Телефон номериңизди жөнөтөсүзбү?",
    ru: "Отправить Ваш номер телефона?",
    en: "Share your phone number?",
  },
  "share-phone-text": {
    ky: "Бот {number} номериңизди көрөт.",
    ru: "Бот увидит Ваш номер {number}.",
    en: "The bot will see your number {number}.",
  },
  share: { ky: "Бөлүшүү", ru: "Поделиться", en: "Share" },
  "choose-place": { ky: "Жерди тандаңыз", ru: "Выберите место", en: "Choose a place" },
  "phone-number": { ky: "Телефон номери", ru: "Номер телефона", en: "Phone number" },

  // Doing something with a message
  reply: { ky: "Жооп берүү", ru: "Ответить", en: "Reply" },
  "copy-text": { ky: "Текстти көчүрүү", ru: "Копировать текст", en: "Copy the text" },
  edit: { ky: "Оңдоо", ru: "Изменить", en: "Edit" },
  forward: { ky: "Башка чатка жөнөтүү", ru: "Переслать", en: "Forward" },
  react: { ky: "Реакция: {emoji}", ru: "Реакция: {emoji}", en: "React with {emoji}" },
  delete: { ky: "Өчүрүү", ru: "Удалить", en: "Delete" },
  "delete-sure": { ky: "Билдирүү өчүрүлсүнбү?", ru: "Удалить сообщение?", en: "Delete the message?" },
  copy: { ky: "Көчүрүү", ru: "Копировать", en: "Copy" },
  copied: { ky: "Көчүрүлдү: {text}", ru: "Скопировано: {text}", en: "Copied: {text}" },
  call: { ky: "Чалуу", ru: "Позвонить", en: "Call" },
  calling: {
    ky: "{number} номерине чалуу. Бул жерден чындап чалынбайт.",
    ru: "Звонок на {number}. Отсюда он никуда не идёт.",
    en: "Calling {number}. From here it reaches nobody.",
  },
  "open-link": { ky: "Шилтемени ачасызбы?", ru: "Открыть ссылку?", en: "Open the link?" },
  "join-chat": { ky: "Топко кошуласызбы?", ru: "Вступить в группу?", en: "Join the group?" },
  join: { ky: "Кошулуу", ru: "Вступить", en: "Join" },
  "join-asked": {
    ky: "Кошулуу өтүнүчүңүз жөнөтүлдү",
    ru: "Запрос на вступление отправлен",
    en: "Your request to join was sent",
  },
  "not-here": {
    ky: "Бул баскыч бул жерде иштебейт",
    ru: "Эта кнопка здесь не работает",
    en: "This button does nothing here",
  },
  "add-to-which": {
    ky: "Ботту кайсы топко кошосуз?",
    ru: "В какую группу добавить бота?",
    en: "Which group should the bot join?",
  },
  "no-groups": {
    ky: "Сиз бир да топто эмессиз",
    ru: "Вы не состоите ни в одной группе",
    en: "You are in no group",
  },

  // Messages
  you: { ky: "Сиз", ru: "Вы", en: "You" },
  edited: { ky: "оңдолду", ru: "изменено", en: "edited" },
  sent: { ky: "Жөнөтүлдү", ru: "Отправлено", en: "Sent" },
  seen: { ky: "Окулду", ru: "Прочитано", en: "Read" },
  via: { ky: "{bot} аркылуу", ru: "через {bot}", en: "via {bot}" },
  forwarded: { ky: "Кайра жөнөтүлдү: {who}", ru: "Переслано от: {who}", en: "Forwarded from {who}" },
  photo: { ky: "Сүрөт", ru: "Фото", en: "Photo" },
  "open-photo": { ky: "Сүрөттү чоңойтуу", ru: "Открыть фото", en: "Open the photo" },
  video: { ky: "Видео", ru: "Видео", en: "Video" },
  animation: { ky: "GIF", ru: "GIF", en: "GIF" },
  voice: { ky: "Үн билдирүү", ru: "Голосовое сообщение", en: "Voice note" },
  video_note: { ky: "Видео билдирүү", ru: "Видеосообщение", en: "Video note" },
  audio: { ky: "Аудио", ru: "Аудио", en: "Audio" },
  sticker: { ky: "Стикер", ru: "Стикер", en: "Sticker" },
  contact: { ky: "Байланыш", ru: "Контакт", en: "Contact" },
  venue: { ky: "Дарек", ru: "Адрес", en: "Address" },
  location: { ky: "Турган жер", ru: "Геопозиция", en: "Location" },
  poll: { ky: "Сурамжылоо", ru: "Опрос", en: "Poll" },
  "anonymous-poll": { ky: "Аты-жөнсүз сурамжылоо", ru: "Анонимный опрос", en: "Anonymous poll" },
  dice: { ky: "Кубик", ru: "Кубик", en: "Die" },
  document: { ky: "Файл", ru: "Файл", en: "File" },
  play: { ky: "Угуу", ru: "Слушать", en: "Play" },
  pause: { ky: "Токтотуу", ru: "Пауза", en: "Pause" },
  spoiler: { ky: "Жашырылган текст, көрсөтүү", ru: "Скрытый текст, показать", en: "Hidden text, show it" },
  unfold: { ky: "Толук көрсөтүү", ru: "Развернуть", en: "Unfold" },
  fold: { ky: "Жыйып коюу", ru: "Свернуть", en: "Fold" },
  joined: { ky: "{who} топко кошулду", ru: "{who} теперь в группе", en: "{who} joined the group" },
  left: { ky: "{who} топтон чыкты", ru: "{who} больше не в группе", en: "{who} left the group" },
  renamed: {
    ky: "Топтун жаңы аты: «{title}»",
    ru: "Новое название группы: «{title}»",
    en: "The group is now “{title}”",
  },
  "group-created": { ky: "Топ түзүлдү", ru: "Группа создана", en: "The group was created" },
  "channel-created": { ky: "Канал түзүлдү", ru: "Канал создан", en: "The channel was created" },
  "became-supergroup": {
    ky: "Топ супертопко айланды",
    ru: "Группа стала супергруппой",
    en: "The group became a supergroup",
  },
  pinned: { ky: "Жогоруга бекитилди: {what}", ru: "Закреплено: {what}", en: "Pinned: {what}" },
  "topic-created": {
    ky: "Тема ачылды: «{name}»",
    ru: "Создана тема «{name}»",
    en: "Topic “{name}” was created",
  },
  "topic-renamed": {
    ky: "Теманын жаңы аты: «{name}»",
    ru: "Новое название темы: «{name}»",
    en: "The topic is now “{name}”",
  },
  "topic-closed": { ky: "Тема жабылды", ru: "Тема закрыта", en: "The topic was closed" },
  "topic-reopened": { ky: "Тема кайра ачылды", ru: "Тема снова открыта", en: "The topic was reopened" },
  "users-shared": { ky: "Адам тандалды", ru: "Человек выбран", en: "A person was chosen" },
  "chat-shared": { ky: "Чат тандалды", ru: "Чат выбран", en: "A chat was chosen" },
  "write-allowed": {
    ky: "Ботко жазууга уруксат берилди",
    ru: "Боту разрешено писать",
    en: "The bot was allowed to write",
  },
  "timer-changed": {
    ky: "Автоматтык өчүрүү убактысы өзгөрдү",
    ru: "Таймер автоудаления изменён",
    en: "The self-destruct timer was changed",
  },

  // The map
  map: { ky: "Кыргызстандын картасы", ru: "Карта Кыргызстана", en: "A map of Kyrgyzstan" },
  latitude: { ky: "Кеңдик", ru: "Широта", en: "Latitude" },
  longitude: { ky: "Узундук", ru: "Долгота", en: "Longitude" },
  bishkek: { ky: "Бишкек", ru: "Бишкек", en: "Bishkek" },
  osh: { ky: "Ош", ru: "Ош", en: "Osh" },
  manas: { ky: "Манас", ru: "Манас", en: "Manas" },
  batken: { ky: "Баткен", ru: "Баткен", en: "Batken" },
  karakol: { ky: "Каракол", ru: "Каракол", en: "Karakol" },
  naryn: { ky: "Нарын", ru: "Нарын", en: "Naryn" },
  talas: { ky: "Талас", ru: "Талас", en: "Talas" },

  // Answers to a question
  ok: { ky: "Макул", ru: "Понятно", en: "OK" },
  cancel: { ky: "Жокко чыгаруу", ru: "Отмена", en: "Cancel" },
  yes: { ky: "Ооба", ru: "Да", en: "Yes" },
  no: { ky: "Жок", ru: "Нет", en: "No" },
  close: { ky: "Жабуу", ru: "Закрыть", en: "Close" },
};

const MONTHS = {
  ky: [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
  ],
  ru: [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
  ],
  en: [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
  ],
};

let language = chosenLanguage();

function chosenLanguage() {
  const asked = new URLSearchParams(location.search).get("lang");
  const wishes = [asked, localStorage.getItem(KEPT_AS), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wishes.find((wish) => wish in LANGUAGES) ?? "en";
}

/** The language of the page's own words. */
export function currentLanguage() {
  return language;
}

/** Choose the language of the page's own words, and remember it. */
export function speak(code) {
  language = code;
  localStorage.setItem(KEPT_AS, code);
}

/** The phrase of this name, its {places} filled in. */
export function t(name, values = {}) {
  return fill(WORDS[name]?.[language] ?? name, values);
}

/** Whether there is such a phrase. */
export function hasWord(name) {
  return name in WORDS;
}

/** A phrase with a number in it: "1 член", "2 члена". */
export function plural(name, n) {
  const forms = WORDS[name][language];
  return fill(forms[new Intl.PluralRules(language).select(n)] ?? forms.other, { n });
}

function fill(phrase, values) {
  return phrase.replace(/\{(\w+)\}/g, (place, key) => values[key] ?? place);
}

const parts = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** Year, month, day, hour, minute in Bishkek, as strings. @param unix seconds */
function inBishkek(unix) {
  return Object.fromEntries(
    parts.formatToParts(new Date(unix * 1000)).map(({ type, value }) => [type, value]),
  );
}

/** "14:05". @param unix seconds */
export function clockTime(unix) {
  const { hour, minute } = inBishkek(unix);
  return `${hour}:${minute}`;
}

/** A day as people say it; the browser's own Kyrgyz isn't there everywhere. @param unix seconds */
export function dayName(unix) {
  const { day, month } = inBishkek(unix);
  const name = MONTHS[language][month - 1];
  return language === "ky" ? `${day}-${name}` : `${day} ${name}`;
}

/** A key that is the same for all moments of one day in Bishkek. @param unix seconds */
export function dayKey(unix) {
  const { year, month, day } = inBishkek(unix);
  return `${year}-${month}-${day}`;
}

/** "Today", "Yesterday", or the day. @param unix seconds @param now seconds */
export function relativeDay(unix, now) {
  if (dayKey(unix) === dayKey(now)) return t("today");
  if (dayKey(unix) === dayKey(now - 86400)) return t("yesterday");
  const { year } = inBishkek(unix);
  return year === inBishkek(now).year ? dayName(unix) : `${dayName(unix)} ${year}`;
}

/** The size of a file. @param bytes whole number */
export function size(bytes) {
  const units = { ky: ["Б", "КБ", "МБ"], ru: ["Б", "КБ", "МБ"], en: ["B", "KB", "MB"] }[language];
  const step = bytes < 1024 ? 0 : bytes < 1024 ** 2 ? 1 : 2;
  const figure = (bytes / 1024 ** step).toFixed(step && bytes / 1024 ** step < 10 ? 1 : 0);
  return `${language === "en" ? figure : figure.replace(".", ",")} ${units[step]}`;
}
