//! What people in the corpus are called, where they are, and what they say.
//!
//! With a line for each word, as the formatter would have it, this would be pages.

/// A language that conversations are held in.
#[derive(Debug)]
pub struct Language {
    /// Words that messages are put together from.
    pub words: &'static [&'static str],
    /// What is said in between.
    pub phrases: &'static [&'static str],
    /// Visitors' names.
    pub names: &'static [&'static str],
    /// What stands between two words.
    pub space: &'static str,
}

/// What most conversations are held in. Phones put curly apostrophes and pictures into it.
#[rustfmt::skip]
pub const ENGLISH: Language = Language {
    words: &[
        "the", "a", "to", "I", "you", "and", "is", "it", "for", "of", "my", "in", "on", "that", "with", "can",
        "have", "this", "be", "do", "not", "your", "we", "are", "will", "when", "order", "account", "please",
        "was", "get", "if", "but", "just", "so", "what", "about", "there", "know", "up", "how", "time",
        "email", "need", "help", "would", "see", "now", "our", "one", "any", "password", "shipping",
        "invoice", "number", "website", "still", "trying", "page", "day", "week", "refund", "course",
        "certificate", "payment", "card", "working", "address", "delivery", "tomorrow", "question", "price",
        "checkout", "browser", "screen", "message", "again", "available", "subscription", "cancel", "update",
        "don\u{2019}t", "I\u{2019}m", "can't", "it's", "\"Submit\"", "let", "me", "check", "moment", "thank",
    ],
    phrases: &[
        "ok", "Thanks!", "Hi", "Yes", "No", "hi there!", "One moment please", "Thank you so much!",
        "You\u{2019}re welcome!", "great", "Is there anything else I can help you with today?", "bye",
        "Have a great day!", "\u{1f44d}", "Hello, how may I help you?", "ok thanks", "perfect \u{1f600}",
        "Let me check that for you.", "Are you still there?", "What is your order number?",
    ],
    names: &[
        "Pat", "Sam Miller", "Alex Johnson", "Chris", "Jordan Smith", "Taylor Brown", "Jamie Lee", "Morgan",
        "Robin Clark", "Casey O'Neil", "Dana White", "Kim Baker",
    ],
    space: " ",
};

/// What a few are held in.
#[rustfmt::skip]
pub const OTHERS: &[&Language] = &[
    &Language {
        words: &[
            "я", "не", "могу", "заказ", "оплатить", "сайт", "когда", "будет", "доставка", "здравствуйте",
            "номер", "пожалуйста", "и", "в", "на", "письмо", "пришло", "карта", "помогите", "почему", "вчера",
            "счёт", "это", "спасибо",
        ],
        phrases: &["да", "нет", "Спасибо!", "Добрый день", "Одну минуту, пожалуйста", "до свидания"],
        names: &["Анна", "Иван Петров", "Мария", "Сергей Иванов"],
        space: " ",
    },
    &Language {
        words: &[
            "注文", "の", "商品", "が", "まだ", "届き", "ません", "確認", "して", "ください", "支払い", "方法", "を", "変更", "したい", "です",
            "いつ", "返品", "できます", "か", "メール", "番号", "は",
        ],
        phrases: &["はい", "いいえ", "ありがとうございます。", "少々お待ちください。", "こんにちは"],
        names: &["田中", "佐藤 花子", "鈴木 一郎"],
        space: "",
    },
    &Language {
        words: &[
            "el", "pedido", "no", "llegó", "todavía", "mi", "contraseña", "está", "página", "dónde", "puedo",
            "pagar", "con", "tarjeta", "factura", "número", "día", "mañana", "quiero", "cancelar", "para",
            "envío", "la", "también",
        ],
        phrases: &["sí", "Gracias", "¡Hola!", "¿Sigue ahí?", "Un momento, por favor", "adiós"],
        names: &["José García", "María", "Íñigo López"],
        space: " ",
    },
];

/// City, region, country code and country.
pub const PLACES: &[[&str; 4]] = &[
    ["Springfield", "IL", "US", "United States"],
    ["San Francisco", "CA", "US", "United States"],
    ["Austin", "TX", "US", "United States"],
    ["Providence", "RI", "US", "United States"],
    ["Ann Arbor", "MI", "US", "United States"],
    ["Toronto", "ON", "CA", "Canada"],
    ["London", "H9", "GB", "United Kingdom"],
    ["Montr\u{e9}al", "QC", "CA", "Canada"],
    ["Sydney", "02", "AU", "Australia"],
];

/// What networks are called that visitors come from.
pub const ORGANIZATIONS: &[&str] =
    &["Comcast Business", "Example ISP", "Widgets Inc.", "AT&T Services", "Verizon Fios", "Charter"];

/// Browsers with their versions.
pub const BROWSERS: &[&str] = &[
    "Chrome 74.0.3729.131",
    "Chrome 105.0.0.0",
    "Safari 12.1",
    "Safari 6.0",
    "Firefox 66.0",
    "Internet Explorer 11",
    "Edge 17.17134",
];

/// Operating systems.
pub const SYSTEMS: &[&str] = &["Windows", "Macintosh", "iPhone/iPod", "Android", "Linux"];

/// The part of an address after the host.
pub const PAGES: &[&str] = &[
    "",
    "index.html",
    "courses/food-safety?lng=eng",
    "account/orders/view?id=",
    "checkout/step-2?utm_source=newsletter&utm_medium=email&utm_campaign=spring",
    "help/articles/how-do-i-reset-my-password",
    "products/widgets/blue-widget-large?variant=",
];

/// What groups of operators are called.
pub const GROUPS: &[&str] = &["Sales", "Support", "Spanish", "English", "My Sales Group"];

/// What operators are called.
pub const OPERATORS: &[&str] = &["Pat", "Agent Two", "John", "Olark operator", "Support Agent", "Maria"];

/// What conversations are tagged with.
pub const TAGS: &[&str] = &["olark", "customer", "billing", "lead", "follow up", "resolved"];
