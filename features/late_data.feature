Feature: Late data
  A phone that was offline fills in its history when it comes back. What it says about the past is
  kept and judged as the past: it neither moves the live position back nor invents a coming or going.

  Background:
    Given Ana carries a phone and allows location
    And the place School with a radius of 100 m

  Rule: A backlog after today's position invents nothing

    Scenario Outline: Three days at school are filled in while Ana is at home
      Given the rule that anybody <moves> School
      And Ana's phone was at Home 5 minutes ago
      When Ana's phone sends these positions:
        | when       | where     |
        | 3 days ago | at School |
        | 2 days ago | at School |
        | 1 day ago  | at School |
      And Ana's phone sends its location at Home
      Then no alert is raised

      Examples:
        | moves  |
        | enters |
        | leaves |

    Scenario Outline: The rule was made between today's position and the backlog
      Given Ana's phone was at Home 5 minutes ago
      And the rule that anybody <moves> School
      When Ana's phone sends these positions:
        | when       | where     |
        | 3 days ago | at School |
        | 1 day ago  | at School |
      And Ana's phone sends its location at Home
      Then no alert is raised

      Examples:
        | moves  |
        | enters |
        | leaves |

    Scenario: What is filled in between two live positions is kept and not judged again
      Given the rule that anybody leaves School
      And Ana's phone was at School 20 minutes ago
      And Ana's phone was at School 10 minutes ago
      When Ana's phone sends its location of 15 minutes ago, 500 m from School
      Then no alert is raised
      And 3 locations of Ana's phone are kept

  Rule: The live position does not move back

    Scenario: History arrives after the live position
      Given Ana's phone was at Home 5 minutes ago
      When Ana's phone sends its location of 2 days ago, at School
      Then Ana's phone is still known to have been at Home 5 minutes ago
      And 2 locations of Ana's phone are kept

  Rule: An alert says when it happened and when it was learned

    Scenario: A phone without a network tells of this morning in the afternoon
      Given the rule that anybody enters School
      When Ana's phone sends these positions:
        | when        | where             |
        | 4 hours ago | 500 m from School |
        | 3 hours ago | at School         |
      Then these alerts are raised:
        | alert                      | happened    |
        | Ana (phone) entered School | 3 hours ago |
      And they were learned just now and count as late

    Scenario: News are not late
      Given the rule that anybody enters School
      When Ana's phone sends these positions:
        | when          | where             |
        | 9 minutes ago | 500 m from School |
        | 5 minutes ago | at School         |
      Then 1 alert is raised
      And it was learned just now and counts as news

    Scenario: A true coming within the backlog is told, as late
      Given the rule that anybody enters School
      And Ana's phone was at Home 5 minutes ago
      When Ana's phone sends these positions:
        | when       | where             |
        | 3 days ago | 500 m from School |
        | 2 days ago | at School         |
      Then these alerts are raised:
        | alert                      | happened   |
        | Ana (phone) entered School | 2 days ago |
      And they were learned just now and count as late

    Scenario: What the backlog ended long ago does not end what goes on today
      Given the rule that anybody is inside School
      And Ana's phone was 500 m from School 20 minutes ago
      And Ana's phone was at School 10 minutes ago
      When Ana's phone sends these positions:
        | when       | where             |
        | 4 days ago | 500 m from School |
        | 3 days ago | at School         |
        | 2 days ago | 500 m from School |
      Then these alerts are raised:
        | alert                         | happened       | it is      |
        | Ana (phone) was inside School | 3 days ago     | over       |
        | Ana (phone) was inside School | 10 minutes ago | going on   |

  Rule: A backlog holds nobody up

    @holds-processing
    Scenario: Borut's live position overtakes Ana's backlog
      Given Borut carries a phone and allows location
      And the rule that anybody enters School
      When there is so much to do that processing waits
      And Ana's phone delivers a backlog of three days that ends with entering School
      And Borut's phone enters School now
      And processing goes on
      Then the alert about Borut was learned before the alert about Ana
