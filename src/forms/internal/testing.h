// For the tests of this module: a contract with one of everything.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/json.h"
#include "forms/forms.h"

namespace nguon::forms::testing {

// Two datasets; every simple type, options, an enumeration with labels, keys, references, rules.
inline constexpr std::string_view kOffice = R"yaml(apiVersion: v3.2.0
kind: DataContract
id: office
version: 1.2.0
status: active
domain: office
schema:
  - name: unit
    businessName: Đơn vị
    properties:
      - {name: region, logicalType: string, primaryKey: true, primaryKeyPosition: 2}
      - {name: code, logicalType: string, primaryKey: true, primaryKeyPosition: 1}
  - name: person
    businessName: Cán bộ
    description: "Danh sách <b>cán bộ</b> & nhân viên"
    customProperties:
      - {property: businessName_en, value: Officer}
      - {property: access, value: open}
      - {property: level, value: 4}
      - {property: subject, value: citizen_id}
    quality:
      - {name: ends_later, type: custom, engine: nguon, implementation: end_date >= birth_date}
      - {metric: duplicateValues, arguments: {properties: [email, phone]}, mustBe: 0}
    relationships:
      - {from: [person.unit_code, person.unit_region], to: [unit.code, unit.region]}
    properties:
      - name: citizen_id
        businessName: Số định danh
        logicalType: string
        primaryKey: true
        classification: restricted
        logicalTypeOptions: {pattern: '[0-9]{12}'}
        customProperties: [{property: businessName_en, value: Citizen id}]
      - name: full_name
        businessName: Họ và tên
        logicalType: string
        required: true
        logicalTypeOptions: {minLength: 2, maxLength: 80}
      - name: sex
        businessName: Giới tính
        logicalType: string
        enum:
          - {value: male, label: Nam, customProperties: [{property: label_en, value: Male}]}
          - {value: female, label: Nữ, customProperties: [{property: label_en, value: Female}]}
      - name: birth_date
        businessName: Ngày sinh
        logicalType: date
        required: true
        logicalTypeOptions: {format: dd/MM/yyyy, minimum: '1900-01-01'}
      - {name: end_date, logicalType: date}
      - {name: staff, logicalType: integer, logicalTypeOptions: {minimum: 0, exclusiveMaximum: 1000}}
      - {name: weight, logicalType: number, logicalTypeOptions: {exclusiveMinimum: 0.5}}
      - {name: salary, logicalType: number, physicalType: 'DECIMAL(15,2)'}
      - {name: active, logicalType: boolean}
      - {name: seen_at, logicalType: timestamp}
      - {name: opens, logicalType: time}
      - {name: email, logicalType: string, logicalTypeOptions: {format: email}}
      - name: phone
        logicalType: string
        quality: [{metric: invalidValues, arguments: {pattern: '0[0-9]{9}|[+]84[0-9]{9}'}, mustBe: 0}]
      - {name: unit_code, logicalType: string}
      - {name: unit_region, logicalType: string}
      - name: ward
        logicalType: string
        relationships: [{to: administrative.ward.code}]
      - name: chief
        logicalType: string
        relationships: [{to: person.citizen_id}]
)yaml";

inline contract::Contract parsed(std::string_view yaml, std::string_view file = "test.yaml") {
    auto contract = contract::parse(yaml, file);
    if (contract) return std::move(*contract);
    for (const Problem& one : contract.error().errors)
        ADD_FAILURE() << one.line << " " << one.path << ": " << one.problem.en;
    return {};
}

// The document of one of the contract's datasets.
inline std::string written(Form form, const contract::Contract& contract, std::string_view schema,
                           Language language = Language::kVietnamese, Find find = {}) {
    const auto dataset = std::ranges::find(contract.datasets, schema, &contract::Dataset::schema);
    if (dataset == contract.datasets.end()) {
        ADD_FAILURE() << "no " << schema;
        return {};
    }
    auto document = write(form, {contract, *dataset, language, std::move(find)});
    EXPECT_TRUE(document.has_value());
    return document ? std::move(document->bytes) : std::string();
}

inline json::object json_written(Form form, const contract::Contract& contract,
                                 std::string_view schema) {
    const auto value = parse_json(written(form, contract, schema));
    EXPECT_TRUE(value && value->is_object());
    return value ? value->as_object() : json::object();
}

inline std::string differences(const contract::Contract& before, const contract::Contract& after) {
    std::string all;
    if (before.datasets.size() != after.datasets.size()) return "another number of datasets";
    for (std::size_t i = 0; i < before.datasets.size(); ++i) {
        for (const auto& one : contract::compare(before.datasets[i], after.datasets[i]))
            all += one.path + ": " + one.what.en + "\n";
    }
    return all;
}

}  // namespace nguon::forms::testing
