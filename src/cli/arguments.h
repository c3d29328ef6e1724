// What a command line says, apart from how it is parsed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "cli/words.h"

namespace nguon::cli {

class Session;
struct Command;

// The values of every command's parameters; those that a command does not have stay as they are.
struct Arguments {
    const Command* command = nullptr;
    std::string data;
    bool json = false;

    std::string dataset, file, batch, sql, folder;
    std::vector<std::string> paths, keys, datasets;
    std::string member, name_vi, name_en;
    std::string public_address = "127.0.0.1:8080", internal_address = "127.0.0.1:8081",
                federation = "off";
    std::string as, version, mode, format, encoding, accept, idempotency_key, output;
    std::string sheet, entry, why, confirm_missing, replaces, close_missing, reason, by, rows;
    std::string lang, source, domain;
    std::string contract, schema, write_contract, write_rows, as_of, limit_memory, key, view,
        public_key;
    std::string target, backup, at, key_file, since, scratch, order;
    std::optional<std::int64_t> keep;
    std::optional<std::int64_t> limit, from, limit_rows, limit_seconds, port_base, confirm_deletes;
    bool again = false, open = false, once = false, fresh = false, fix = false, fixed = false;
};

struct Parameter {
    using Place = std::variant<std::string Arguments::*, std::vector<std::string> Arguments::*,
                               std::optional<std::int64_t> Arguments::*, bool Arguments::*>;
    enum class Need { kOptional, kRequired };

    std::string_view name;  // "DATASET" by position, "--mode" or "-o,--output" by name
    Place place;
    Phrase help;
    Need need = Need::kOptional;
    std::vector<std::string> choices = {};  // empty: any value
    std::string_view value = "";            // what stands for the value in help, of one by name
};

struct Command {
    std::string_view name;  // "load", "quarantine list"
    Phrase summary;
    std::string_view example;
    // Returns the exit code. An Error is printed by the caller.
    Result<int> (*act)(Session& session);
    std::vector<Parameter> parameters;
    std::string_view route = "";  // that it asks, where sentences of the node name it
};

// Every command, in the order of the help.
const std::vector<Command>& commands();
// What a group of commands is about: "quarantine", "pack".
const Phrase* summary_of_group(std::string_view name);

// A command line, or text to print instead: help or the version.
struct Parsed {
    Arguments arguments;
    std::string print;  // empty: run the command
};
// Errors: invalid, with what is wrong and where help is.
Result<Parsed> parse(const std::vector<std::string>& words, Language language);

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace nguon::cli
