Feature: Places
  People draw places and are told when somebody comes, goes or stays away. An alert says when
  it happened by the clock of the device.

  Background:
    Given Ana carries a phone and allows location
    And the place School with a radius of 100 m

  Rule: Coming and going are told at the moment they were seen

    Scenario: Ana comes to school
      Given the rule that anybody enters School
      When Ana's phone sends these positions:
        | when           | where             |
        | 20 minutes ago | 500 m from School |
        | 10 minutes ago | at School         |
      Then these alerts are raised:
        | alert                      | happened       |
        | Ana (phone) entered School | 10 minutes ago |

    Scenario: Ana leaves school
      Given the rule that anybody leaves School
      When Ana's phone sends these positions:
        | when           | where             |
        | 20 minutes ago | at School         |
        | 10 minutes ago | 500 m from School |
      Then these alerts are raised:
        | alert                   | happened       |
        | Ana (phone) left School | 10 minutes ago |

    Scenario: Where a phone is first seen, nobody saw it come
      Given the rule that anybody enters School
      When Ana's phone sends its location at School
      Then no alert is raised

    Scenario: Whether it comes in one delivery or in several does not matter
      Given the rule that anybody enters School
      And Ana's phone was 500 m from School 20 minutes ago
      When Ana's phone sends its location at School
      Then 1 alert is raised

  Rule: A place may have to be kept for a while

    Scenario: Ana passes by the school
      Given the rule that anybody enters School for 5 minutes
      When Ana's phone sends these positions:
        | when           | where             |
        | 20 minutes ago | 500 m from School |
        | 15 minutes ago | at School         |
        | 12 minutes ago | 500 m from School |
        | 5 minutes ago  | 500 m from School |
      Then no alert is raised

    Scenario: Ana stays, and the alert happens when the time is up
      Given the rule that anybody enters School for 5 minutes
      When Ana's phone sends these positions:
        | when           | where             |
        | 20 minutes ago | 500 m from School |
        | 15 minutes ago | at School         |
        | 8 minutes ago  | at School         |
      Then these alerts are raised:
        | alert                      | happened       |
        | Ana (phone) entered School | 10 minutes ago |

  Rule: Jitter at the edge does not ring

    Scenario: A fix just outside the edge is not a departure
      Given the rule that anybody leaves School
      When Ana's phone sends these positions:
        | when           | where                        |
        | 20 minutes ago | at School                    |
        | 15 minutes ago | 10 m beyond School's edge    |
        | 10 minutes ago | at School                    |
      Then no alert is raised

    Scenario: A vague fix has to be further away
      Given the rule that anybody leaves School
      When Ana's phone sends these positions:
        | when           | where                     | good to |
        | 20 minutes ago | at School                 | 10 m    |
        | 15 minutes ago | 60 m beyond School's edge | 80 m    |
        | 10 minutes ago | 60 m beyond School's edge | 20 m    |
      Then these alerts are raised:
        | alert                   | happened       |
        | Ana (phone) left School | 10 minutes ago |

  Rule: What was so already when the rule was made is no news

    Scenario: Ana is at school when the rule is made
      Given Ana's phone was at School 20 minutes ago
      And the rule that anybody is inside School
      When Ana's phone sends its location at School
      Then no alert is raised

    Scenario: The next time counts
      Given Ana's phone was at School 30 minutes ago
      And the rule that anybody is inside School
      When Ana's phone sends these positions:
        | when           | where             |
        | 20 minutes ago | 500 m from School |
        | 10 minutes ago | at School         |
      Then these alerts are raised:
        | alert                         | happened       |
        | Ana (phone) was inside School | 10 minutes ago |
