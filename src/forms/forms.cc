#include "forms/forms.h"

#include <fmt/format.h>

#include <array>

#include "forms/internal/writers.h"

namespace nguon::forms {
namespace {

struct Known {
    Form form;
    std::string_view name, media_type, suffix;
};

constexpr std::array kForms = {
    Known{Form::kOdcs, "odcs", "application/yaml; charset=utf-8", ".odcs.yaml"},
    Known{Form::kSource, "source", "application/yaml; charset=utf-8", ".yaml"},
    Known{Form::kJsonSchema, "json-schema", "application/schema+json", ".schema.json"},
    Known{Form::kTableSchema, "table-schema", "application/vnd.tableschema+json",
          ".tableschema.json"},
    // The profile is what RFC 9110 leaves to the type's owner: W3C, Metadata Vocabulary, section 4.
    Known{Form::kCsvw, "csvw", "application/csvm+json", ".csv-metadata.json"},
    Known{Form::kXlsx, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          ".xlsx"},
    Known{Form::kMarkdown, "markdown", "text/markdown; charset=utf-8", ".md"},
    Known{Form::kHtml, "html", "text/html; charset=utf-8", ".html"}};

const Known& known(Form form) {
    return *std::ranges::find(kForms, form, &Known::form);
}

Result<std::string> bytes_of(Form form, const Wanted& wanted) {
    switch (form) {
        case Form::kSource: return wanted.contract.text;
        case Form::kOdcs: return internal::odcs(wanted);
        case Form::kJsonSchema: return internal::indented(internal::json_schema(wanted));
        case Form::kTableSchema:
            return internal::indented(internal::table_schema(wanted.dataset, wanted.language));
        case Form::kCsvw: return internal::indented(internal::csvw(wanted));
        case Form::kXlsx: return internal::workbook(wanted);
        case Form::kMarkdown: return internal::dictionary_markdown(wanted);
        case Form::kHtml: return internal::dictionary_html(wanted);
    }
    return fail(Code::kInternal, Text::same("form"));
}

}  // namespace

std::string_view name_of(Form form) {
    return known(form).name;
}

Result<Form> form_from_name(std::string_view name) {
    std::string names;
    for (const Known& one : kForms) {
        if (one.name == name) return one.form;
        names += (names.empty() ? "" : ", ") + std::string(one.name);
    }
    return fail(Code::kInvalid,
                {fmt::format("Không có dạng «{}» của hợp đồng.", name),
                 fmt::format("A contract has no form \"{}\".", name)},
                {"Chọn một trong: " + names + ".", "Choose one of: " + names + "."});
}

Result<Document> write(Form form, const Wanted& wanted) {
    Document document;
    document.media_type = known(form).media_type;
    document.file_name = wanted.dataset.schema + std::string(known(form).suffix);
    TRY_ASSIGN(document.bytes, bytes_of(form, wanted));
    return document;
}

}  // namespace nguon::forms
