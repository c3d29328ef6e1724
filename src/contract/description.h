// What a contract says for people about itself: who answers for it, where to ask, what it costs,
// what service it promises. Kept and shown; of these only the service levels are acted upon.
// Source: Open Data Contract Standard (Bitol), v3.0.0 to v3.2.0. Texts are as written, and empty
// when absent.
#pragma once

#include <string>
#include <vector>

namespace nguon::contract {

// Where something stands in the file of its contract. Line and column count from 1, the column in
// characters; 0 and an empty path for what was not read from a file.
struct InFile {
    int line = 0, column = 0;
    std::string path = {};  // "schema[0].quality[1].implementation"; a place in Contract::document
};

struct Definition {  // authoritativeDefinitions
    std::string url, type, description;
};

struct Synonym {
    std::string synonym, description, locale, source, status;
};

struct TeamMember {
    std::string username, name, description, role;
    std::string date_in, date_out;  // yyyy-MM-dd
    std::string replaced_by;        // a username
};

// 3.0 has only the members; both shapes are read into this one.
struct Team {
    std::string name, description;
    std::vector<TeamMember> members;
};

struct SupportChannel {
    std::string channel, url, description, tool, scope, invitation_url;
};

struct Price {
    std::string amount, currency, unit;  // the amount as written: "9.95"
};

struct Role {
    std::string role, description, access, first_level_approvers, second_level_approvers;
};

// Where the data is served elsewhere; connections of their own stand in Contract::document.
struct Server {
    std::string server, type, description, environment;
    InFile at = {};
};

// A promise of service: {latency, 4, d}, {frequency, 1, y}, …
struct SlaProperty {
    std::string id;
    std::string property;          // as written: "latency"
    std::string value, value_ext;  // as written; value is empty for null
    std::string unit;              // as written: "d", "days", …
    std::string element;           // "person.birth_date", "person"; empty: the whole contract
    std::string driver, description, scheduler, schedule;
    InFile at = {};
};

// How the whole contract is described.
struct Description {
    std::string purpose, usage, limitations;
};

}  // namespace nguon::contract
