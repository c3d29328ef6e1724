// Whether a word could be Vietnamese: for telling encodings apart.
// Source: the written syllable, onset + rhyme + tone, as in Hoàng Phê's rules of spelling; a rhyme
// ending in c, ch, p or t takes only the tones sắc and nặng.
#pragma once

#include <string_view>

namespace nguon::scan {

// `word` is UTF-8 in NFC. Case does not matter, save that a small letter with a mark is no
// Vietnamese before a capital one ("aÂ").
bool is_vietnamese_syllable(std::string_view word);

struct WordCount {
    std::size_t marked = 0;     // words that hold a letter beyond ASCII
    std::size_t plausible = 0;  // of those, Vietnamese syllables
    std::size_t broken = 0;     // bytes that are no UTF-8
    std::size_t symbols = 0;    // signs beyond ASCII inside words: ¼, ¸, ¹ …
    // Of the marked words, those whose case is that of a word: "José", not "NguyÃ"; and signs of
    // Western texts: £ € ° ’ –
    std::size_t western = 0;
};
WordCount count_words(std::string_view text);

}  // namespace nguon::scan
