#include "check.hpp"
#include "push_talk.hpp"

using namespace fieldpost;
using namespace fieldpost::push;

TEST("an agent is let in, delivers a batch and has its receipt") {
    AgentOptions its = options();
    its.policy_version = 6;
    its.pending = {{.kind = 1, .sequence = 7}, {.kind = 10, .sequence = max_sequence}};
    AgentConnection agent = new_agent(its);
    ServerConnection server = new_server();
    CHECK(server.receive(agent.take_output(0), 0).empty());
    CHECK(agent.receive(server.take_output(), 0).empty());
    const auto offered = only<CredentialOffered>(server.receive(agent.take_output(0), 0));
    CHECK(offered.credential == credential && offered.policy_version == 6);
    CHECK(offered.pending == its.pending && offered.agent.platform == "linux");
    server.tell({.policy_version = 7, .policy = {{{.kind = 1, .interval_s = 60}}}});
    server.admit({true, false}, 0);
    const auto events = agent.receive(server.take_output(), 0);
    CHECK(std::get<Told>(events.at(0)).policy->at(0).interval_s == 60);
    const auto& admitted = std::get<Admitted>(events.at(1));
    CHECK((admitted.kept == std::vector{true, false}) && admitted.idle_s == 300);

    agent.send(block(1, 8, "rest"));
    CHECK(agent.unacknowledged() == 1);
    const auto arrived = only<BatchesArrived>(server.receive(agent.take_output(0), 0));
    CHECK(arrived.batches.at(0).payload == block(1, 8, "rest").payload);
    CHECK(server.unacknowledged() == 1 && server.unacknowledged_bytes() == 6);
    const PushReceipt receipt{.key = {.kind = 1, .sequence = 8}, .accepted = 3};
    server.acknowledge({&receipt, 1});
    const auto receipts = only<ReceiptsArrived>(agent.receive(server.take_output(), 0)).receipts;
    CHECK(receipts.at(0).key == receipt.key && receipts.at(0).accepted == 3);
    CHECK(agent.unacknowledged() == 0 && server.unacknowledged() == 0);
}
