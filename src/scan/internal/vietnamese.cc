#include "scan/internal/vietnamese.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <string>

namespace nguon::scan {
namespace {

constexpr std::size_t kLongestSyllable = 7;  // letters: "nghiêng"

constexpr std::array<std::u16string_view, 28> kOnsets{
    u"ngh", u"ng", u"nh", u"gh", u"gi", u"ch", u"kh", u"ph", u"qu", u"th", u"tr", u"b", u"c", u"d",
    u"đ",   u"g",  u"h",  u"k",  u"l",  u"m",  u"n",  u"p",  u"r",  u"s",  u"t",  u"v", u"x", u""};

constexpr std::u16string_view kRhymes =
    u" a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "
    u"e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in "
    u"inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe "
    u"oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân "
    u"uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm uôn uông uôt up ut uy uya uych "
    u"uyên uyêt uynh uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên "
    u"yêng yêt yêu ynh yt ưng an ";

constexpr std::u16string_view kWesternSigns = u"£€°²³½©®™§–—‘’“”…•";

bool is_rhyme(std::u16string_view rhyme) {
    std::u16string wanted = u" ";
    wanted += rhyme;
    wanted += u' ';
    return kRhymes.find(wanted) != std::u16string_view::npos;
}

bool is_stopped(std::u16string_view rhyme) {  // ends in c, ch, p or t
    const char16_t end = rhyme.back();
    if (end == u'h') return rhyme.size() > 1 && rhyme[rhyme.size() - 2] == u'c';
    return end == u'c' || end == u'p' || end == u't';
}

// The letters without their tone; the tone as its combining mark, 0 for none, -1 for two.
std::u16string without_tone(const icu::UnicodeString& lower, int& tone) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::UnicodeString parts =
        icu::Normalizer2::getNFDInstance(status)->normalize(lower, status);
    icu::UnicodeString bare;
    tone = 0;
    for (int32_t i = 0; i < parts.length(); ++i) {
        const char16_t c = parts[i];
        const bool is_tone = c == 0x300 || c == 0x301 || c == 0x303 || c == 0x309 || c == 0x323;
        if (is_tone) tone = tone == 0 ? c : -1;
        if (!is_tone) bare += c;
    }
    const icu::UnicodeString joined =
        icu::Normalizer2::getNFCInstance(status)->normalize(bare, status);
    return {joined.getBuffer(), static_cast<std::size_t>(joined.length())};
}

}  // namespace

bool is_vietnamese_syllable(std::string_view word) {
    icu::UnicodeString text = icu::UnicodeString::fromUTF8(
        icu::StringPiece(word.data(), static_cast<int32_t>(word.size())));
    bool small = false;
    for (int32_t i = 0; i < text.length(); ++i) {
        if (u_isupper(text[i]) != 0 && small) return false;
        small = small || u_islower(text[i]) != 0;
    }
    int tone = 0;
    const std::u16string letters = without_tone(text.toLower(), tone);
    if (letters.empty() || letters.size() > kLongestSyllable || tone < 0) return false;
    for (const std::u16string_view onset : kOnsets) {
        if (!letters.starts_with(onset)) continue;
        std::u16string rhyme = letters.substr(onset.size());
        // "gì" and "giêng" write the i of "gi" once; "quốc" is qu + ôc, "quyển" is q + uyên.
        if (onset == u"gi" && (rhyme.empty() || !is_rhyme(rhyme))) rhyme.insert(0, u"i");
        if (onset == u"qu" && !is_rhyme(rhyme)) rhyme.insert(0, u"u");
        if (rhyme.empty() || !is_rhyme(rhyme)) continue;
        if (is_stopped(rhyme) && tone != 0x301 && tone != 0x323) return false;
        return true;
    }
    return false;
}

WordCount count_words(std::string_view text) {
    WordCount count;
    const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
    const auto size = static_cast<int32_t>(std::min<std::size_t>(text.size(), 1 << 30));
    int32_t begin = -1;
    int letters = 0;
    bool marked = false, small = false, odd_case = false;
    const auto finish = [&](int32_t end) {
        if (begin >= 0 && marked) {
            ++count.marked;
            const auto from = static_cast<std::size_t>(begin);
            const auto length = static_cast<std::size_t>(end - begin);
            if (is_vietnamese_syllable(text.substr(from, length))) ++count.plausible;
            if (letters > 1 && !odd_case) ++count.western;
        }
        begin = -1;
        letters = 0;
        marked = small = odd_case = false;
    };
    for (int32_t at = 0; at < size;) {
        const int32_t start = at;
        UChar32 c = 0;
        if (bytes[at] < 0x80) {
            c = bytes[at++];
        } else {
            c = utf8_nextCharSafeBody(bytes, &at, size, bytes[at++], -1);
        }
        if (c < 0) ++count.broken;
        const bool letter = c > 0 && (u_isalpha(c) != 0 || (c >= 0x300 && c < 0x370));
        if (letter) {
            if (begin < 0) begin = start;
            marked = marked || c >= 0x80;
            ++letters;
            odd_case = odd_case || (small && u_isupper(c) != 0);
            small = small || u_islower(c) != 0;
        } else {
            if (kWesternSigns.find(static_cast<char16_t>(c)) != std::u16string_view::npos && c > 0)
                ++count.western;
            // Typographic quotes and dashes stand in every encoding; other signs are telling.
            if (c >= 0x80 && c != 0xA0 && (c < 0x2000 || c > 0x2060) && begin >= 0) ++count.symbols;
            finish(start);
        }
    }
    finish(size);
    return count;
}

}  // namespace nguon::scan
