Feature: Notifications
  An alert reaches people outside the dashboard by the channels of its rule.

  Background:
    Given Ana carries a phone and allows location

  Rule: A channel is told what its rules find

    Scenario: Somebody drives too fast
      Given the rule that anybody moves faster than 130 km/h
      And the channel Office, on which the rule is told
      When Ana's phone sends its location at 140 km/h
      Then Office is told in one message:
        | alert                                        |
        | Ana (phone) moved at 140 km/h, over 130 km/h |

    Scenario: A burst is one message
      Given the rule that anybody moves faster than 100 km/h
      And the channel Office, on which the rule is told
      And the rule that anybody moves faster than 130 km/h
      And the rule is told on Office, too
      When Ana's phone sends its location at 140 km/h
      Then Office is told in one message:
        | alert                                        |
        | Ana (phone) moved at 140 km/h, over 100 km/h |
        | Ana (phone) moved at 140 km/h, over 130 km/h |

  Rule: What is learned late does not ring

    Scenario: The phone had no network
      Given the rule that anybody moves faster than 130 km/h
      And the channel Office, on which the rule is told
      When Ana's phone sends these positions:
        | when        | where   | speed    |
        | 3 hours ago | at Home | 140 km/h |
      Then 1 alert is raised
      And Office is not told of it, because it is late

  Rule: In quiet hours only what is critical rings

    Scenario: What is not critical waits until they are over
      Given the rule that anybody moves faster than 130 km/h
      And the channel Office, on which the rule is told
      And Office has quiet hours now
      When Ana's phone sends its location at 140 km/h
      Then Office is to be told of it later

    Scenario: What is critical does not wait
      Given the critical rule that anybody moves faster than 130 km/h
      And the channel Office, on which the rule is told
      And Office has quiet hours now
      When Ana's phone sends its location at 140 km/h
      Then Office is told in one message:
        | alert                                        |
        | Ana (phone) moved at 140 km/h, over 130 km/h |

  Rule: A digest tells once a day

    Scenario: An alert waits for the digest
      Given the rule that anybody moves faster than 130 km/h
      And the channel Office, on which the rule is told
      And Office is told once a day
      When Ana's phone sends its location at 140 km/h
      Then Office is to be told of it later

  Rule: A channel that is broken is shown, and can be mended

    Scenario: A test message says what came of it
      Given the rule that anybody moves faster than 130 km/h
      And the channel Office, on which the rule is told
      And Office is broken
      When the owner sends a test message on Office
      Then the owner learns that it was not sent

    Scenario: What could not be sent is sent when the channel works again
      Given the rule that anybody moves faster than 130 km/h
      And the channel Office, on which the rule is told
      And Office is broken
      When Ana's phone sends its location at 140 km/h
      Then Office is shown as failing
      When Office is mended and the owner resumes it
      Then Office is told in one message:
        | alert                                        |
        | Ana (phone) moved at 140 km/h, over 130 km/h |
      And Office is shown as ok
