// Random strings that find the borders of words: the same for the same seed.

const PIECES = [
    "a", "b", "the", " the", "word", " Word", "WORD", "camelCase", "HTTPServer", "ABc", "aBC", "éÀ", "ß", "İ", "ǅ", "ǅe", "aǅ", "ªº", "ʰA",
    "Straße", "Мельник", "РЕКА", "μύλος", "ΜΎΛΟΣ", "Ꙁ", "Ꭰꭰ", "Ა", "ჩ", "ﬁ", "Ａａ", "𐐀𐐨", "𞤀𞤢", "ℵ", "K", "Å",
    "'", "''", "’", "'s", "'S", "'ſ", "'t", "'T", "'re", "'RE", "'ve", "'Ve", "'m", "'M", "'ll", "'LL", "'d", "'D", "'x", "n't", "'st", "'lL", "'r", "'rE",
    "0", "1", "12", "123", "1234", "1234567", "١٢٣", "१२", "Ⅷ", "½", "²", "௰", "㊀", "𝟘", "９", "〇", "一二", "1,234.5", "0x1F",
    " ", "  ", "   ", "\t", "\t\t", "\n", "\n\n", "\r", "\r\n", " \n", "\n ", "  \r\n ", "\u000b", "\f", "\u0085", "\u00a0", "\u1680", "\u2003", "\u2028",
    "\u2029", "\u202f", "\u3000", "\u180e", "\u200b", "\u200d", "\ufeff",
    ".", ",", "!", "!!!", "...", "?!", "-", "--", "_", "/", "//", "\\", "(", ")", "[x]", "{", "}", "<", ">", "|", "@", "#", "$", "€", "+", "=", "^", "~", "`",
    "\"", "*", "&", "%", ";", ":", "…", "—", "“", "”", "‘", "«", "»", "¿", "·", "§", "©", "×", "。", "，", "、", "「", "」", "！", "？", "～", "・", "ー", "〜", "‿",
    "!\n", ".\n/", ")/", "/\n", "a/b", "http://x.y/z?q=1", "x=1;", "file.txt",
    "水", "水車", "磨坊", "漢字", "龥", "龦", "㐀", "𠀀", "々", "〆", "は", "カタカナ", "ｶﾅ", "한", "방앗간", "ᄒ", "ᅡ", "ᆨ", "각", "힣", "ퟰ", "ㄅ", "שלום", "العربية",
    "ُ", "शहर", "क्षि", "़", "क़", "ไทย", "ก็", "བོད", "ཱི", "မြန်", "ខ្មែរ", "ქართ", "ԱԲ", "ማ", "ᚠ",
    "\u0301", "\u0300\u0301", "\u0323\u0307", "e\u0301", "E\u0301", "e\u0323\u0302", "o\u0308", "A\u030a", "\u0344", "\u0345", "\u20dd", "\ufe0f", "\u0488", "ा",
    "😀", "👍🏽", "👩‍👩‍👧", "🇩🇪", "❤️", "1️⃣", "☃", "♪", "∑", "→", "█",
    "\u0000", "\u0001", "\u001f", "\u007f", "\u009f", "\u00ad", "\ue000", "\ufffd", "\uffff", "\u0378", "\u{1fffe}", "\u{50000}", "\u{e0001}", "\u{10ffff}"
];

/** A generator of numbers from 0 to 1 (Marsaglia's xorshift, 32 bits). */
function random(seed) {
    let state = seed;
    return () => {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return (state >>> 0) / 2 ** 32;
    };
}

/** So many strings of pieces, of single characters of all Unicode, and of the names that are given. */
export function randomStrings(count, seed, names) {
    const next = random(seed);
    const below = (bound) => Math.floor(next() * bound);
    const character = () => {
        const bound = [0x80, 0x600, 0x3000, 0x10000, 0x20000, 0x110000][below(6)];
        let point = below(bound);
        while (point >= 0xd800 && point < 0xe000) point = below(bound);
        return String.fromCodePoint(point);
    };
    const strings = new Set();
    while (strings.size < count) {
        let string = "";
        for (let left = 1 + below(9); left > 0; left--) {
            const kind = below(20);
            const piece = kind < 15 ? PIECES[below(PIECES.length)] : kind < 19 || names.length === 0 ? character() : names[below(names.length)];
            string += piece.repeat(below(8) === 0 ? 1 + below(4) : 1);
        }
        strings.add(string);
    }
    return [...strings];
}
