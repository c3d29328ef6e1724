// What DuckDB says, told to people: a sentence of ours first, its English words as the detail.
#pragma once

#include <string_view>

#include "base/text.h"

namespace nguon::sql {

// What is said for the engine's own text when it ran out of memory, which names its settings.
inline const Text kOutOfMemory{"Không đủ bộ nhớ để làm xong việc này.",
                               "There is not enough memory to finish this."};

// "Binder Error: Referenced column …" -> "… không có, hoặc dùng không đúng kiểu. Chi tiết (tiếng
// Anh): Referenced column …". `before` begins the sentence: "SQL không chạy được: ".
Text engine_words(std::string_view said, const Text& before = {});
// Of a parser's message without its kind: "syntax error at or near "fro"".
Text syntax_words(std::string_view said);

}  // namespace nguon::sql
