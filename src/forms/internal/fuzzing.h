// What must hold of any bytes that are imported: an error with words, or a contract that parses and
// is written in every form.
#pragma once

#include <cstdlib>
#include <string_view>

#include "forms/forms.h"
#include "forms/import.h"

namespace nguon::forms::internal {

inline void import_holds(std::string_view bytes, Source from) {
    ImportRequest request;
    request.bytes = bytes;
    request.file = "fuzz";
    request.from = from;
    const auto imported = import_contract(request);
    if (!imported) {
        const Error& error = imported.error();
        if (error.code == Code::kInternal) std::abort();
        if (error.errors.empty() && error.detail.vi.empty()) std::abort();
        return;
    }
    for (const Note& note : imported->notes) {
        if (note.what.vi.empty() || !is_utf8(note.what.en) || note.line < 0) std::abort();
    }
    const auto contract = contract::parse(imported->yaml, "fuzz.yaml");
    if (!contract || contract->datasets.size() != imported->datasets.size()) std::abort();
    for (const Form form : {Form::kOdcs, Form::kJsonSchema, Form::kTableSchema, Form::kCsvw,
                            Form::kMarkdown, Form::kHtml}) {
        const auto written =
            write(form, {*contract, contract->datasets.front(), Language::kVietnamese, {}, {}});
        if (!written || written->bytes.empty() || !is_utf8(written->bytes)) std::abort();
    }
}

}  // namespace nguon::forms::internal
