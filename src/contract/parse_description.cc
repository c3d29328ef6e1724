// What a contract says for people: read into the structs of description.h once its shape was
// checked. Everything of it stands in Contract::document too.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "contract/internal/parser.h"
#include "contract/internal/shapes.h"

namespace nguon::contract::internal {
namespace {

// The items of a list below `map`; a single null item when there is no such list.
std::vector<const Node*> items_in(const Node& map, std::string_view key) {
    const Node* list = node_in(map, key);
    return list == nullptr ? std::vector<const Node*>{} : list->items;
}

Team read_team(const Node& node) {
    Team team;
    const bool is_list = node.kind == Node::Kind::kList;
    if (!is_list) {
        team.name = text_in(node, "name");
        team.description = text_in(node, "description");
    }
    for (const Node* member : is_list ? node.items : items_in(node, "members")) {
        team.members.push_back({text_in(*member, "username"), text_in(*member, "name"),
                                text_in(*member, "description"), text_in(*member, "role"),
                                text_in(*member, "dateIn"), text_in(*member, "dateOut"),
                                text_in(*member, "replacedByUsername")});
    }
    return team;
}

// What liveness is judged by (quality/freshness.h); whatever its case.
bool is_judged_promise(std::string_view property) {
    static constexpr std::array<std::string_view, 6> kJudged = {
        "frequency", "freshness", "latency", "generalavailability", "endofsupport", "endoflife"};
    return std::ranges::find(kJudged, to_lower_ascii(property)) != kJudged.end();
}

void read_sla(Context& context, MapReader& top) {
    Contract& contract = context.contract;
    contract.sla_default_element = top.text("slaDefaultElement").value_or("");
    if (!contract.sla_default_element.empty()) context.note("slaDefaultElement");
    const auto place = top.value("slaProperties");
    if (!place) return;
    check_shape(context, *place, Shape::kSlas);
    if (place->node->kind != Node::Kind::kList) return;
    contract.sla_json = json_of(*place->node);
    for (const Place& item : list_value(context, *place)) {
        const Node& sla = *item.node;
        if (!is_judged_promise(text_in(sla, "property"))) context.note(item.path);
        contract.sla.push_back({text_in(sla, "id"), text_in(sla, "property"), text_in(sla, "value"),
                                text_in(sla, "valueExt"), text_in(sla, "unit"),
                                text_in(sla, "element"), text_in(sla, "driver"),
                                text_in(sla, "description"), text_in(sla, "scheduler"),
                                text_in(sla, "schedule"), context.in_file(item)});
    }
}

void read_people(Contract& contract, const Node& top) {
    if (const Node* team = node_in(top, "team")) contract.team = read_team(*team);
    for (const Node* one : items_in(top, "support")) {
        contract.support.push_back({text_in(*one, "channel"), text_in(*one, "url"),
                                    text_in(*one, "description"), text_in(*one, "tool"),
                                    text_in(*one, "scope"), text_in(*one, "invitationUrl")});
    }
    for (const Node* one : items_in(top, "roles")) {
        contract.roles.push_back({text_in(*one, "role"), text_in(*one, "description"),
                                  text_in(*one, "access"), text_in(*one, "firstLevelApprovers"),
                                  text_in(*one, "secondLevelApprovers")});
    }
    if (const Node* price = node_in(top, "price")) {
        contract.price = Price{text_in(*price, "priceAmount"), text_in(*price, "priceCurrency"),
                               text_in(*price, "priceUnit")};
    }
}

void read_servers(Context& context, const Place& place) {
    for (const Place& item : list_value(context, place)) {
        const Node& server = *item.node;
        context.contract.servers.push_back({text_in(server, "server"), text_in(server, "type"),
                                            text_in(server, "description"),
                                            text_in(server, "environment"), context.in_file(item)});
    }
}

}  // namespace

std::vector<Definition> read_definitions(const Node& owner) {
    std::vector<Definition> all;
    for (const Node* one : items_in(owner, "authoritativeDefinitions"))
        all.push_back({text_in(*one, "url"), text_in(*one, "type"), text_in(*one, "description")});
    return all;
}

std::vector<Synonym> read_synonyms(const Node& owner) {
    std::vector<Synonym> all;
    for (const Node* one : items_in(owner, "synonyms")) {
        all.push_back({text_in(*one, "synonym"), text_in(*one, "description"),
                       text_in(*one, "locale"), text_in(*one, "source"), text_in(*one, "status")});
    }
    return all;
}

void parse_description(Context& context, MapReader& top) {
    Contract& contract = context.contract;
    top.since(320, {"context"});
    top.keep({"tenant", "tags", "servers", "dataProduct", "support", "price", "team", "roles",
              "authoritativeDefinitions", "contractCreatedTs", "context"});
    if (const auto place = top.value("description")) {
        check_shape(context, *place, Shape::kDescription);
        contract.description = {text_in(*place->node, "purpose"), text_in(*place->node, "usage"),
                                text_in(*place->node, "limitations")};
        context.note(place->path);
    }
    read_sla(context, top);
    const Node& node = *top.place().node;
    contract.tenant = text_in(node, "tenant");
    contract.data_product = text_in(node, "dataProduct");
    contract.created_at = text_in(node, "contractCreatedTs");
    contract.tags = texts_in(node, "tags");
    contract.definitions = read_definitions(node);
    read_people(contract, node);
    if (const auto servers = top.value("servers");
        servers && servers->node->kind == Node::Kind::kList) {
        read_servers(context, *servers);
    }
}

}  // namespace nguon::contract::internal
