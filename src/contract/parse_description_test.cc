// What describes the contract: read into structs, and nothing in it unknown.
#include <gmock/gmock.h>

#include "contract/internal/testing.h"

namespace nguon::contract {
namespace {

using testing::accepted;
using ::testing::ElementsAre;
using testing::expect_problem;
using ::testing::HasSubstr;
using testing::person;

std::string with(std::string_view top, std::string_view version = "v3.2.0") {
    return std::string(top) + person("", version);
}

TEST(ParseDescription, EverythingIsReadIntoStructs) {
    const Contract contract = accepted(with(R"(
tenant: bo-cong-an
tags: [dân cư, gốc]
description: {purpose: Quản lý dân cư, usage: Tra cứu, limitations: Không}
servers:
  - {server: main, type: postgresql, host: db, port: 5432, database: d, schema: s, environment: prod}
support:
  - {channel: '#help', url: 'https://example.vn', tool: zalo}
price: {priceAmount: 9.95, priceCurrency: VND, priceUnit: request}
team:
  name: dữ liệu
  members: [{username: an, role: owner, dateIn: 2025-01-31}]
roles: [{role: reader, access: read, firstLevelApprovers: an}]
slaProperties:
  - {property: latency, value: 4, unit: d, element: person.id, driver: regulatory}
  - {property: retention, value: null, valueExt: 5}
authoritativeDefinitions: [{url: 'https://vbpl.vn', type: law}]
)"));
    EXPECT_EQ(contract.tenant, "bo-cong-an");
    EXPECT_THAT(contract.tags, ElementsAre("dân cư", "gốc"));
    EXPECT_EQ(contract.description.purpose, "Quản lý dân cư");
    EXPECT_EQ(contract.servers.at(0).type, "postgresql");
    EXPECT_EQ(contract.support.at(0).tool, "zalo");
    EXPECT_EQ(contract.price->amount, "9.95");
    EXPECT_EQ(contract.team->members.at(0).date_in, "2025-01-31");
    EXPECT_EQ(contract.roles.at(0).first_level_approvers, "an");
    EXPECT_EQ(contract.sla.at(0).value, "4");
    EXPECT_EQ(contract.sla.at(0).element, "person.id");
    EXPECT_EQ(contract.sla.at(1).value, "");
    EXPECT_EQ(contract.sla.at(1).value_ext, "5");
    EXPECT_EQ(contract.definitions.at(0).type, "law");
    EXPECT_THAT(contract.document, HasSubstr(R"("priceAmount":9.95)"));
}

// Goal: 3.0's team is a list, 3.1's a group with members. Method: both in both.
TEST(ParseDescription, TeamInBothShapes) {
    const std::string list = "team: [{username: an, name: An}]\n";
    EXPECT_EQ(accepted(with(list, "v3.0.2")).team->members.at(0).name, "An");
    EXPECT_EQ(accepted(with(list)).team->members.at(0).name, "An");
    expect_problem(with("team: ▶{members: []}\n", "v3.0.2"), {"team", "must be a list", "dash"});
}

TEST(ParseDescription, WhatIsWrongInsideIsNamed) {
    expect_problem(with("price: {▶amount: 1}\n"), {"price.amount", "no field `amount`", ""});
    expect_problem(with("tags: [▶{a: b}]\n"), {"tags[0]", "must be a single value", ""});
    expect_problem(with("team: {members: [▶{name: An}]}\n"),
                   {"team.members[0].username", "is missing", ""});
    expect_problem(with("servers: [▶{server: a, type: s3}]\n"),
                   {"servers[0].location", "is missing", ""});
    expect_problem(with("servers: [{server: a, type: ▶postgress, host: b}]\n"),
                   {"servers[0].type", "no `postgress`", "did you mean `postgres`?"});
    expect_problem(
        with("servers: [{server: a, type: mysql, host: b, port: ▶'1', database: c}]\n", "v3.1.0"),
        {"servers[0].port", "not a whole number", "v3.2.0"});
    expect_problem(with("support: [▶{channel: a}]\n", "v3.0.2"),
                   {"support[0].url", "is missing", ""});
    expect_problem(with("slaProperties: [{property: a, value: 1, ▶units: d}]\n"),
                   {"slaProperties[0].units", "no field `units`", "did you mean `unit`?"});
    expect_problem(with("contractCreatedTs: ▶yesterday\n"),
                   {"contractCreatedTs", "not a moment of time", "2025-01-31T08:30:00Z"});
}

// Goal: aliases cannot blow the kept document up. Method: one text of 1 MiB, named forty times.
TEST(ParseDescription, AliasesAreBounded) {
    std::string yaml = "tags: [&a '" + std::string(1024UL * 1024, 'x') + "'";
    for (int i = 0; i < 40; ++i)
        yaml += ", *a";
    const auto read = parse(with(yaml + "]\n"), "test.yaml");
    ASSERT_FALSE(read.has_value());
    EXPECT_THAT(read.error().errors.at(0).problem.en, HasSubstr("16 MiB"));
}

}  // namespace
}  // namespace nguon::contract
